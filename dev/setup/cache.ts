import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** The root of this checkout. */
export const checkout = resolve(import.meta.dirname, '../..')

/** What the set-up makes is kept here, outside the checkout, so that a fresh clone can use it. */
export const cache = resolve(process.env['RAMAL_CACHE'] ?? join(homedir(), '.cache/ramal'))

/** Eight hex digits, different for each checkout on the machine. */
export const checkoutKey = shortHash(checkout)

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

export function makeCache(): void {
  mkdirSync(cache, { recursive: true, mode: 0o755 })
}
