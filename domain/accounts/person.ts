const longestName = 120
const longestEmail = 190

/** A person's name, trimmed; null when it is empty, has several lines, or is longer than 120 characters. */
export function readName(text: string): string | null {
  const name = text.trim()
  return name !== '' && name.length <= longestName && !/\p{Cc}/u.test(name) ? name : null
}

/** A typed e-mail address as the database keeps it. */
export function normalizeEmail(typed: string): string {
  return typed.trim().toLowerCase()
}

/** An e-mail address in lower case, as people sign in with it; null for what is not one. */
export function readEmail(text: string): string | null {
  const email = normalizeEmail(text)
  return /^[^\s@<>]+@[^\s@<>]+$/.test(email) && email.length <= longestEmail ? email : null
}
