export type EchoVerdict = 'good' | 'slow' | 'microphone-silent' | 'no-return'

/** With a longer delay, people start to talk at the same time. */
const slowMs = 600
/** The delays of two tones over the same path differ by less than this. */
const toleranceMs = 120

/** `delaysMs`: the delay of each tone that returned. */
export function judgeEcho(spoke: boolean, delaysMs: readonly number[]): { verdict: EchoVerdict; delayMs: number | null } {
  const delayMs = confirmedDelay(delaysMs)
  if (delayMs === null) return { verdict: 'no-return', delayMs }
  if (!spoke) return { verdict: 'microphone-silent', delayMs }
  return { verdict: delayMs > slowMs ? 'slow' : 'good', delayMs }
}

/** A single delay may be noise in the room; two similar ones are our tones. */
function confirmedDelay(delaysMs: readonly number[]): number | null {
  const sorted = delaysMs.toSorted((a, b) => a - b)
  const pair = sorted.findIndex((delay, n) => n > 0 && delay - (sorted[n - 1] ?? 0) < toleranceMs)
  return pair === -1 ? null : Math.round(sorted[pair] ?? 0)
}
