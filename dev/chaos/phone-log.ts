import { existsSync, readFileSync } from 'node:fs'

/** What a phone logged about one call, by the clock of this machine. */
export interface PhoneRecord {
  placedAt: Date
  answeredAt: Date | null
  /** When this phone hung up; null if it did not. */
  hungUpAt: Date | null
  /** The SIP code of a refusal. */
  refused: string | null
}

/** By E.164 number, from the log of dev/flows/sipp/crowd-phone.xml. */
export function readPhoneLog(path: string): Map<string, PhoneRecord> {
  const seen = new Map<string, PhoneRecord>()
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  for (const [, digits = '', what = '', seconds = ''] of text.matchAll(/^(\d+) (placed|hung-up|\d{3}) .*\t([\d.]+)$/gm)) {
    const at = new Date(Number(seconds) * 1000)
    const saw = seen.get(`+${digits}`)
    if (what === 'placed') seen.set(`+${digits}`, { placedAt: at, answeredAt: null, hungUpAt: null, refused: null })
    else if (saw && what === '200') saw.answeredAt = at
    else if (saw && what === 'hung-up') saw.hungUpAt = at
    else if (saw) saw.refused = what
  }
  return seen
}
