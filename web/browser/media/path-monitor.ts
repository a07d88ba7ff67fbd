import type { Reading } from './statistics.ts'

interface Patience {
  silenceMs: number
  noPingMs: number
}

/** Chromium pings a path that works every 2.5 s. */
const usual: Patience = { silenceMs: 3000, noPingMs: 3000 }
/** The line was lost a moment ago: the network probably changed under both. */
const wary: Patience = { silenceMs: 1000, noPingMs: 1000 }
const waryForMs = 5000

/**
 * Whether the path of a call's sound still works. Silence alone says nothing: a lead's phone may send none while nobody
 * speaks, and a held call never has any; but a path that works answers pings.
 */
export class PathMonitor {
  #last: Reading | null = null
  #heardAt = 0
  #pingAt = 0
  #waryUntil = -Infinity

  /** The newest sign of life, by performance.now. */
  get aliveAt(): number {
    return Math.max(this.#heardAt, this.#pingAt)
  }

  suspect(at: number): void {
    this.#waryUntil = at + waryForMs
  }

  read(reading: Reading): 'steady' | 'lost' {
    const last = this.#last
    this.#last = reading
    if (!last || reading.heardBytes > last.heardBytes) this.#heardAt = reading.at
    if (!last || reading.pings > last.pings) this.#pingAt = reading.at
    if (this.#pingAt === reading.at) return 'steady'
    if (reading.ice === 'disconnected' || reading.ice === 'failed') return 'lost'
    const { silenceMs, noPingMs } = reading.at < this.#waryUntil ? wary : usual
    return reading.at - this.#heardAt >= silenceMs && reading.at - this.#pingAt >= noPingMs ? 'lost' : 'steady'
  }
}
