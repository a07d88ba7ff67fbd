import type { CarrierInvite } from '../carrier/calls.ts'
import type { ObservedCall } from './observed-call.ts'
import type { Outage } from './outages.ts'
import type { PlannedCall } from './plan.ts'

/** An INVITE noted within this time after a kill left before it: a killed Asterisk stays down for at least two seconds. */
const onTheWayMs = 2000

/** The carrier does not notice a kill: its call lasts until its media time-out, without speech. So the talk ends at the kill. */
export function talkOf(
  invite: CarrierInvite | undefined,
  way: PlannedCall['way'],
  outages: readonly Outage[],
): Pick<ObservedCall, 'overAt' | 'carrierMs' | 'killed'> {
  if (!invite) return { overAt: null, carrierMs: 0, killed: null }
  const { at, answeredAt, endedAt } = invite
  const killed =
    outages.find(({ victim, how, from }) => {
      if (victim !== 'asterisk' || how !== 'kill' || at.getTime() >= from.getTime() + onTheWayMs) return false
      // The carrier repeats a caller's INVITE without an answer, and the restarted Asterisk may answer it.
      const isSentAgain = way === 'incoming' && at >= from && answeredAt
      return !isSentAgain && (!endedAt || from < endedAt)
    }) ?? null
  const overAt = killed?.from ?? endedAt ?? null
  return { overAt, carrierMs: answeredAt && overAt ? Math.max(0, overAt.getTime() - answeredAt.getTime()) : 0, killed }
}
