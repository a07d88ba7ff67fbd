import type { Quality } from './mos.ts'

/** The quality of the call so far, as the eight numbers that the site stores. */
export class QualitySummary {
  readonly #intervals: Quality[] = []

  add(quality: Quality): void {
    this.#intervals.push(quality)
  }

  /** Null before the first interval. */
  form(): Record<string, string> | null {
    if (this.#intervals.length === 0) return null
    const of = (name: 'lossPermille' | 'jitterMs' | 'roundTripMs' | 'mosTenths') => this.#intervals.map((interval) => interval[name])
    const numbers = {
      meanLossPermille: mean(of('lossPermille')),
      worstLossPermille: Math.max(...of('lossPermille')),
      meanJitterMs: mean(of('jitterMs')),
      worstJitterMs: Math.max(...of('jitterMs')),
      meanRoundTripMs: mean(of('roundTripMs')),
      worstRoundTripMs: Math.max(...of('roundTripMs')),
      meanMosTenths: mean(of('mosTenths')),
      worstMosTenths: Math.min(...of('mosTenths')),
    }
    return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)]))
  }
}

function mean(values: readonly number[]): number {
  return Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)
}
