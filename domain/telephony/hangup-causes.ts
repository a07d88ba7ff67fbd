/** How a call ended. Each outcome has a sentence in web/locales. */
export const outcomes = [
  'answered',
  'no-answer',
  'busy',
  'rejected',
  'unknown-number',
  'carrier-failure',
  'cancelled',
  'agent-unreachable',
  'agent-declined',
  'refused',
  'missed',
  'our-failure',
] as const
export type Outcome = (typeof outcomes)[number]

/** The lead did not answer on the number that was called. Another number, or another time, may reach the lead. */
export const notReached: readonly string[] = [
  'busy',
  'no-answer',
  'rejected',
  'carrier-failure',
  'cancelled',
  'unknown-number',
] satisfies Outcome[]

/** What the dialplan reports at the end of a call. */
export interface HangupReport {
  /** Dial's DIALSTATUS; empty when Dial never ran. */
  dialStatus: string
  /** Final SIP code of the lead's leg; 0 = none. */
  sipCode: number
  /** Q.850 cause of the lead's leg; 0 = none. */
  q850: number
}

/**
 * Q.850 causes of a leg that failed while it was up, without a hang-up by either party. A browser phone sends them in its BYE as
 * SIP codes (`Reason: SIP;cause=408`), which res_pjsip_rfc3326 converts.
 */
const failedLeg = new Set([
  18, // SIP 408: the phone lost the sound, or Asterisk's answers
  38, // SIP 500: the phone could not repair the sound
  41, // temporary failure, as carriers say
  44, // Asterisk's media time-out: it heard nothing from this leg (rtp_timeout)
  102, // SIP 504: a timer of the carrier ran out, of its media or its session
])

/** Whether a leg with this cause failed: because of the phone, the carrier, or a network. */
export function brokeOff(q850: number): boolean {
  return failedLeg.has(q850)
}

/** The outcome of a call without an answer. SIP codes come first, because Asterisk maps several to one Q.850 cause. */
export function unansweredOutcome(report: HangupReport): Outcome {
  return (
    byUs[report.dialStatus] ?? bySipCode[report.sipCode] ?? byCause[report.q850] ?? byDialStatus[report.dialStatus] ?? 'carrier-failure'
  )
}

/** Ends that our side caused, whatever the carrier's code. UNMETERED: the lead answered, and the meter could not start. */
const byUs: Record<string, Outcome> = {
  CANCEL: 'cancelled',
  ANSWER: 'our-failure',
  UNMETERED: 'our-failure',
  FUSE: 'our-failure',
}

const bySipCode: Record<number, Outcome> = {
  404: 'unknown-number',
  408: 'no-answer',
  410: 'unknown-number',
  480: 'no-answer',
  484: 'unknown-number',
  485: 'unknown-number',
  486: 'busy',
  487: 'no-answer',
  600: 'busy',
  603: 'rejected',
  604: 'unknown-number',
  607: 'rejected',
}

const byCause: Record<number, Outcome> = {
  1: 'unknown-number',
  17: 'busy',
  18: 'no-answer',
  19: 'no-answer',
  22: 'unknown-number',
  28: 'unknown-number',
}

/** An empty DIALSTATUS means that the agent hung up before Asterisk dialled the lead. */
const byDialStatus: Record<string, Outcome> = {
  BUSY: 'busy',
  NOANSWER: 'no-answer',
  '': 'cancelled',
}
