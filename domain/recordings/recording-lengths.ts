/** A part of a recording, from its start in the talk to the next pause or the end of the talk. */
export interface RecordingPart {
  part: number
  startsAtMs: number
  /** Its expected length. */
  lengthMs: number
}

/** Adds the expected lengths to parts. `pauses` are the starts of all pauses, in ms of the talk. */
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

/** What the two files of a part contain. */
export interface Written {
  agentMs: number
  leadMs: number
  /** Whether Asterisk closed the files. A killed Asterisk loses its write buffer. */
  closed: boolean
}

/**
 * A recording starts when our server has answered Asterisk's question about the answer, at most three seconds after the answer.
 * The talk is rounded up to whole seconds, and the two clocks drift.
 */
const lateMs = 4000
const driftShare = 0.01
/** Asterisk writes both voices packet by packet. */
const unevenMs = 500
/** Asterisk's write buffer holds 32 KiB of a file, two seconds of sound. */
const unwrittenMs = 2500

/** How much sound the files of a part lack: what both lack of the talk, or one lacks of the other. 0 = complete. */
export function missingMs({ lengthMs }: RecordingPart, { agentMs, leadMs, closed }: Written): number {
  const [short, long] = agentMs < leadMs ? [agentMs, leadMs] : [leadMs, agentMs]
  const lost = closed ? 0 : unwrittenMs
  const ofTalk = lengthMs - long > lateMs + lengthMs * driftShare + lost ? lengthMs - short : 0
  const ofOneVoice = long - short > unevenMs + lost ? long - short : 0
  return Math.round(Math.max(ofTalk, ofOneVoice))
}
