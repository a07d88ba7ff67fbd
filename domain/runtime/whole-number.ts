/** The whole number that a text is, written in plain digits, or null when it is none or lies outside `from` to `to`. */
export function readWholeNumber(text: string, from: number, to: number): number | null {
  if (!/^\d{1,9}$/.test(text)) return null
  const number = Number(text)
  return number >= from && number <= to ? number : null
}
