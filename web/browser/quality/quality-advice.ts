import type { Quality, QualityCause } from './mos.ts'
import { gradeOf } from './quality-grade.ts'

const goodIntervalsToClear = 4

/** Decides which advice on the sound the agent sees: only on lasting problems, and without flicker. */
export class QualityAdvice {
  #bad = 0
  #good = 0
  #shown: QualityCause | null = null

  /** Adds the next interval of the call. Returns the cause to show in the panel, or null for no advice. */
  after(quality: Quality): QualityCause | null {
    const grade = gradeOf(quality.mosTenths)
    if (grade === 'poor' || grade === 'bad') {
      this.#bad += 1
      this.#good = 0
      // Ignore a single bad interval. The shown cause stays until the problem ends, even if the cause changes.
      if (this.#bad >= 2) this.#shown ??= quality.cause
    } else {
      this.#good += 1
      if (this.#good >= 2) this.#bad = 0
      if (this.#good >= goodIntervalsToClear) this.#shown = null
    }
    return this.#shown
  }
}
