import type { Quality, QualityCause } from './mos.ts'
import { gradeOf } from './quality-grade.ts'

const forgetAfter = 4

/** What to tell the agent about the sound: only what lasts, and not again and again. Null = nothing, it is good enough. */
export class QualityTrouble {
  #bad = 0
  #calm = 0
  #told: QualityCause | null = null

  /** The next stretch of the call, and what stands in the panel after it. */
  after(quality: Quality): QualityCause | null {
    const grade = gradeOf(quality.mosTenths)
    if (grade === 'poor' || grade === 'bad') {
      this.#bad += 1
      this.#calm = 0
      // One bad stretch is a hiccup. What is said stays as it is until it is over, even if another cause takes over.
      if (this.#bad >= 2) this.#told ??= quality.cause
    } else {
      this.#calm += 1
      if (this.#calm >= 2) this.#bad = 0
      if (this.#calm >= forgetAfter) this.#told = null
    }
    return this.#told
  }
}
