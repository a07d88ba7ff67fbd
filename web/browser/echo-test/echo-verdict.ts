export type EchoVerdict = 'good' | 'slow' | 'microphone-silent' | 'no-return'

/** Above this a conversation stumbles: both begin to speak at once. */
const slowMs = 600
/** Two delays of one path differ by less. */
const sameMs = 120

/** `delaysMs`: how long after each tone it came back; those that did not are left out. */
export function judgeEcho(spoke: boolean, delaysMs: readonly number[]): { verdict: EchoVerdict; delayMs: number | null } {
  const delayMs = agreed(delaysMs)
  if (delayMs === null) return { verdict: 'no-return', delayMs }
  if (!spoke) return { verdict: 'microphone-silent', delayMs }
  return { verdict: delayMs > slowMs ? 'slow' : 'good', delayMs }
}

/** One tone alone may be a noise of the room; two with the same delay are our own. */
function agreed(delaysMs: readonly number[]): number | null {
  const sorted = delaysMs.toSorted((a, b) => a - b)
  const pair = sorted.findIndex((delay, n) => n > 0 && delay - (sorted[n - 1] ?? 0) < sameMs)
  return pair === -1 ? null : Math.round(sorted[pair] ?? 0)
}
