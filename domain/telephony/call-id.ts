import { randomBytes } from 'node:crypto'

/** 128 random bits in hex: safe in a call file, a SIP header, a file name and a dialplan pattern. */
export function newCallId(): string {
  return randomBytes(16).toString('hex')
}

export function isCallId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}
