import type { Reading } from './statistics.ts'

interface Limits {
  silenceMs: number
  noPingMs: number
}

/** Chromium pings a working path every 2.5 s. */
const normal: Limits = { silenceMs: 3000, noPingMs: 3000 }
/** Right after the line was lost: a change of network probably broke the media path too. */
const strict: Limits = { silenceMs: 1000, noPingMs: 1000 }
const strictForMs = 5000

/**
 * Decides whether the media path of a call still works. Silence is not enough to tell: a lead's phone may send no packets
 * during silence, and a held call receives none. But a working path answers pings.
 */
export class PathMonitor {
  #last: Reading | null = null
  #receivedAt = 0
  #pingAt = 0
  #strictUntil = -Infinity

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
    if (!last || reading.pings > last.pings) this.#pingAt = reading.at
    if (this.#pingAt === reading.at) return 'steady'
    if (reading.ice === 'disconnected' || reading.ice === 'failed') return 'lost'
    const { silenceMs, noPingMs } = reading.at < this.#strictUntil ? strict : normal
    return reading.at - this.#receivedAt >= silenceMs && reading.at - this.#pingAt >= noPingMs ? 'lost' : 'steady'
  }
}
