/** Two voices as drawn by the player, in a field of 400 × 100: the agent upwards from the middle, the lead downwards. */
export interface Waveform {
  agent: string
  lead: string
}

/** From what the worker measured: half of the bytes are the agent's, half the lead's. Quiet speech is drawn a little larger. */
export function waveform(peaks: Uint8Array): Waveform {
  const steps = peaks.length / 2
  const height = (level: number) => Math.max(1, Math.round(49 * Math.sqrt(level / 255)))
  const draw = (voice: Uint8Array, towards: 1 | -1) =>
    [...voice].map((level, step) => `M${step + 0.5} 50V${50 + towards * height(level)}`).join('')
  return { agent: draw(peaks.subarray(0, steps), -1), lead: draw(peaks.subarray(steps), 1) }
}

/** Where the recording was paused, in the same field: at `x`, `width` wide. */
export function pausedSpans(
  pauses: readonly { pausedAtMs: number; resumedAtMs: number | null }[],
  lengthMs: number,
): { x: number; width: number }[] {
  if (lengthMs === 0) return []
  return pauses.map(({ pausedAtMs, resumedAtMs }) => {
    const x = (400 * pausedAtMs) / lengthMs
    return { x, width: Math.max(1, (400 * (resumedAtMs ?? lengthMs)) / lengthMs - x) }
  })
}
