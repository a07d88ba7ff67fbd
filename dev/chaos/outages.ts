export const victims = ['fastagi', 'worker', 'web', 'mariadb', 'asterisk'] as const
export type Victim = (typeof victims)[number]

/** Something did not run: it was killed and started again, or it stood still (SIGSTOP, SIGCONT). */
export interface Outage {
  victim: Victim
  how: 'kill' | 'stop'
  from: Date
  /** When it served again. */
  until: Date
}

/** An outage of one of `who` that touches the time from `from` to `until`, in ms since 1970. */
export function outageOf(
  outages: readonly Outage[],
  who: readonly Victim[],
  from: number,
  until: number,
  how?: Outage['how'],
): Outage | undefined {
  return outages.find(
    (outage) =>
      who.includes(outage.victim) &&
      (how === undefined || outage.how === how) &&
      outage.from.getTime() <= until &&
      outage.until.getTime() >= from,
  )
}

/** For how long in all some of `who` were away between two moments. */
export function awayMs(outages: readonly Outage[], who: readonly Victim[], from: number, until: number): number {
  return outages
    .filter(({ victim }) => who.includes(victim))
    .reduce((sum, outage) => sum + Math.max(0, Math.min(until, outage.until.getTime()) - Math.max(from, outage.from.getTime())), 0)
}

/** For how long in all Asterisk stood still between two moments. */
export function stoodStillMs(outages: readonly Outage[], from: number, until: number): number {
  return awayMs(
    outages.filter(({ how }) => how === 'stop'),
    ['asterisk'],
    from,
    until,
  )
}

/**
 * How long after a moment Asterisk heard nothing of SIP; 0 when it did. It stood still, or MariaDB did: then the SIP of one call may wait
 * behind the look-up of a phone, until that gives up (pjsip/res_odbc.conf).
 */
export function deafForMs(outages: readonly Outage[], at: number): number {
  const ends = outages
    .filter((outage) => outageOf([outage], ['asterisk', 'mariadb'], at - deafStillMs, at, 'stop'))
    .map(({ victim, until }) => Math.min(until.getTime() - at, longestWaitMs(victim)) + deafStillMs)
  return Math.max(0, ...ends)
}

/** How long before a moment Asterisk may have said goodbye, if it could not be heard then; 0 when it could. */
export function muteForMs(outages: readonly Outage[], at: number): number {
  const begins = outages
    .filter((outage) => outageOf([outage], ['asterisk', 'mariadb'], at - deafStillMs, at, 'stop'))
    .map(({ victim, from }) => Math.min(at - from.getTime(), longestWaitMs(victim) + deafStillMs))
  return Math.max(0, ...begins)
}

function longestWaitMs(victim: Victim): number {
  return victim === 'mariadb' ? lookUpMs : Infinity
}

/** A look-up gives up after this time. */
const lookUpMs = 2000
/** What has waited is worked off in this time. */
const deafStillMs = 500

export function tell({ victim, how, from, until }: Outage): string {
  return `${how} ${victim} ${clock(from)} to ${clock(until)}`
}

export function clock(at: Date): string {
  return at.toISOString().slice(11, 23)
}
