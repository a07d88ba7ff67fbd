export type RecorderFacts = Record<string, string | number | boolean | null>

export interface RecorderEntry {
  /** Date.now */
  at: number
  kind: string
  facts: RecorderFacts
}

const maxAgeMs = 10 * 60_000
const maxEntries = 1200

/**
 * Keeps the last ten minutes of the phone in memory, for a report that the agent may send. Entries contain only states and
 * numbers: no passwords, no SDP, no typed text.
 */
export class FlightRecorder {
  readonly #clock: () => number
  #entries: RecorderEntry[] = []

  constructor(clock: () => number = Date.now) {
    this.#clock = clock
  }

  note(kind: string, facts: RecorderFacts = {}): void {
    this.#entries.push({ at: this.#clock(), kind, facts })
    if (this.#entries.length > maxEntries) this.#entries.shift()
  }

  entries(): readonly RecorderEntry[] {
    const oldest = this.#clock() - maxAgeMs
    this.#entries = this.#entries.filter(({ at }) => at >= oldest)
    return this.#entries
  }
}
