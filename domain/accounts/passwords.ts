import { randomBytes } from 'node:crypto'

/** A random password of 16 characters. It is shown once; the database keeps its hash only. */
export function generatePassword(): string {
  return randomBytes(12).toString('base64url')
}
