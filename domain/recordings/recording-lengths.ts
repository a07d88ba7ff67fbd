/** A part of a recording, from its place in the talk to the next pause of it, or to the end of the talk. */
export interface RecordingPart {
  part: number
  startsAtMs: number
  /** What it should last. */
  lengthMs: number
}

/** Parts with their lengths. `pauses` begin at these ms of the talk, whichever ended. */
export function measureParts(
  parts: readonly { part: number; startsAtMs: number }[],
  pausedAtMs: readonly number[],
  talkMs: number,
): RecordingPart[] {
  return parts.map(({ part, startsAtMs }, n) => {
    const before = parts[n + 1]?.startsAtMs ?? Infinity
    const endsAtMs = Math.min(talkMs, ...pausedAtMs.filter((at) => at >= startsAtMs && at < before))
    return { part, startsAtMs, lengthMs: Math.max(0, endsAtMs - startsAtMs) }
  })
}

/** What the two files of a part hold. */
export interface Written {
  agentMs: number
  leadMs: number
  /** Whether Asterisk closed them: one that is killed takes with it what it had not written yet. */
  closed: boolean
}

/**
 * A recording begins when the question about the answer is answered, three seconds after it at most; the talk is rounded up to whole seconds;
 * and two clocks drift.
 */
const lateMs = 4000
const driftShare = 0.01
/** Both voices are written packet by packet, side by side. */
const unevenMs = 500
/** Asterisk's write buffer of a file is 32 KiB, two seconds of sound. */
const unwrittenMs = 2500

/** How much of a part's sound is not in its files: what both lack of the talk, or what one lacks of the other. 0 = all is there. */
export function missingMs({ lengthMs }: RecordingPart, { agentMs, leadMs, closed }: Written): number {
  const [short, long] = agentMs < leadMs ? [agentMs, leadMs] : [leadMs, agentMs]
  const lost = closed ? 0 : unwrittenMs
  const ofTalk = lengthMs - long > lateMs + lengthMs * driftShare + lost ? lengthMs - short : 0
  const ofOneVoice = long - short > unevenMs + lost ? long - short : 0
  return Math.round(Math.max(ofTalk, ofOneVoice))
}
