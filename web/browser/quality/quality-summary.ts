import type { Quality } from './mos.ts'

/** The whole call so far in eight numbers, as the site keeps them. */
export class QualitySummary {
  readonly #stretches: Quality[] = []

  add(quality: Quality): void {
    this.#stretches.push(quality)
  }

  /** Null before the first stretch. */
  form(): Record<string, string> | null {
    if (this.#stretches.length === 0) return null
    const of = (name: 'lossPermille' | 'jitterMs' | 'roundTripMs' | 'mosTenths') => this.#stretches.map((stretch) => stretch[name])
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
