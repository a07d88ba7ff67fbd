export const victims = ['fastagi', 'worker', 'web', 'mariadb', 'asterisk'] as const
export type Victim = (typeof victims)[number]

/** A process did not run: it was killed and restarted, or stopped and continued (SIGSTOP, SIGCONT). */
export interface Outage {
  victim: Victim
  how: 'kill' | 'stop'
  from: Date
  /** When it worked again. */
  until: Date
}

/** An outage of one of `who` that overlaps `from` to `until`, in ms since 1970. */
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

/** The total outage time of `who` between two times. */
export function awayMs(outages: readonly Outage[], who: readonly Victim[], from: number, until: number): number {
  return outages
    .filter(({ victim }) => who.includes(victim))
    .reduce((sum, outage) => sum + Math.max(0, Math.min(until, outage.until.getTime()) - Math.max(from, outage.from.getTime())), 0)
}

/** The total time that Asterisk was stopped between two times. */
export function stoodStillMs(outages: readonly Outage[], from: number, until: number): number {
  return awayMs(
    outages.filter(({ how }) => how === 'stop'),
    ['asterisk'],
    from,
    until,
  )
}

/**
 * How long after `at` Asterisk processed no SIP; 0 if it did. Either Asterisk was stopped, or MariaDB: then the SIP of a call may wait
 * behind the look-up of a phone, until the look-up gives up (pjsip/res_odbc.conf).
 */
export function deafForMs(outages: readonly Outage[], at: number): number {
  const ends = outages
    .filter((outage) => outageOf([outage], ['asterisk', 'mariadb'], at - deafStillMs, at, 'stop'))
    .map(({ victim, until }) => Math.min(until.getTime() - at, longestWaitMs(victim)) + deafStillMs)
  return Math.max(0, ...ends)
}

/** How long before `at` Asterisk may have tried to end a call, if it could not send at `at`; 0 if it could. */
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
/** Time to process what has waited. */
const deafStillMs = 500

export function describe({ victim, how, from, until }: Outage): string {
  return `${how} ${victim} ${clock(from)} to ${clock(until)}`
}

export function clock(at: Date): string {
  return at.toISOString().slice(11, 23)
}
