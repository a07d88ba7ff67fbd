import { readFile } from 'node:fs/promises'
import { until } from './until.ts'

/** Waits until a process listens for TCP connections at an IPv4 address. It makes no connection, which SIPp would take for a phone's. */
export async function listens(address: string, port: number): Promise<void> {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0')
  // The kernel writes the address's bytes in reverse order; 0A: listening.
  const reversed = address.split('.').reverse()
  const local = `${reversed.map((byte) => hex(Number(byte), 2)).join('')}:${hex(port, 4)}`
  const listening = new RegExp(`: ${local} [0-9A-F:]+ 0A `)
  await until(`a process to listen at ${address}:${port}`, async () => listening.test(await readFile('/proc/net/tcp', 'utf8')))
}
