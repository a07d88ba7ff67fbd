import type { Reading } from './statistics.ts'

interface Limits {
  silenceMs: number
  noPingMs: number
}

const silenceMs = 3000
/** Right after the line was lost: a change of network probably broke the media path too. */
const strict: Limits = { silenceMs: 1000, noPingMs: 1000 }
const strictForMs = 5000

/** How long a working path may be without a ping answer: Chromium and Safari ping every 2.5 s, Firefox every 4 to 6 s (RFC 7675). */
export function longestPingGapMs(userAgent: string): number {
  return userAgent.includes('Firefox/') ? 7000 : 3000
}

/**
 * Decides whether the media path of a call still works. Silence is not enough to tell: a lead's phone may send no packets
 * during silence, and a held call receives none. But a working path answers pings.
 */
export class PathMonitor {
  readonly #normal: Limits
  #last: Reading | null = null
  #receivedAt = 0
  #pingAt = 0
  #strictUntil = -Infinity

  constructor(noPingMs: number) {
    this.#normal = { silenceMs, noPingMs }
  }

  /** When sound or a ping answer last arrived (performance.now). */
  get aliveAt(): number {
    return Math.max(this.#receivedAt, this.#pingAt)
  }

  suspect(at: number): void {
    this.#strictUntil = at + strictForMs
  }

  read(reading: Reading): 'steady' | 'lost' {
    const last = this.#last
    this.#last = reading
    if (!last || reading.receivedBytes > last.receivedBytes) this.#receivedAt = reading.at
    if (!last || hasNewAnswer(last.pings, reading.pings)) this.#pingAt = reading.at
    if (this.#pingAt === reading.at) return 'steady'
    if (reading.ice === 'disconnected' || reading.ice === 'failed') return 'lost'
    const limits = reading.at < this.#strictUntil ? strict : this.#normal
    return reading.at - this.#receivedAt >= limits.silenceMs && reading.at - this.#pingAt >= limits.noPingMs ? 'lost' : 'steady'
  }
}

/** An ICE restart starts the counter again, so a smaller number is an answer over the new path. */
function hasNewAnswer(before: number, now: number): boolean {
  return now > before || (now < before && now > 0)
}
