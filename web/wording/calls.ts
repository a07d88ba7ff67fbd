import type { ListedCall } from '../../domain/calls/history/history.ts'
import type { Perspective } from '../../domain/calls/history/visibility.ts'
import type { Direction } from '../../domain/calls/history/filter.ts'
import { nationalHoliday } from '../../domain/policy/holidays.ts'
import { localTime } from '../../domain/runtime/local-time.ts'
import { hasMessage, type Translate } from '../locales/translate.ts'
import { durationText } from './durations.ts'
import { leadName } from './leads.ts'

/** Whether the lead called or the agent. */
export function directionOf(call: Pick<ListedCall, 'origin' | 'outcome'>): Direction {
  if (call.outcome === 'missed') return 'missed'
  return call.origin === 'incoming' ? 'incoming' : 'outgoing'
}

/** What happens or happened to a call, and what to do about it. */
export function callText(call: ListedCall, perspective: Perspective, timeZone: string, t: Translate): string {
  if (call.origin === 'incoming') return incomingText(call, perspective, t)
  if (call.state === 'answered' && (call.transfer_state === 'consulting' || call.transfer_state === 'consulted'))
    return t(`state.${call.transfer_state}`, { colleague: call.colleague_name ?? '' })
  if (isBetweenAgents(call))
    return t(`state.${call.transfer_state === 'returning' ? 'returning' : 'passing'}`, { colleague: call.colleague_name ?? '' })
  if (call.state === 'answered' && call.transferred_to_agent_id !== null && perspective === 'manager')
    return t('state.transferred', { colleague: call.colleague_name ?? '' })
  if (call.state === 'requested' || call.state === 'authorized' || call.state === 'answered') {
    return t(addressedTo(perspective, `state.${call.state}`), { name: firstName(leadName(call, t)) })
  }
  if (call.outcome === 'answered') return answeredText(call, perspective, t)
  if (call.outcome === 'refused') {
    const why = refusalText(call.verdict ?? '', perspective, localTime(call.requested_at, timeZone).day, t)
    return call.refused_times === 1 ? why : `${why} · ${t('call.refused-times', { count: call.refused_times })}`
  }
  const key = addressedTo(perspective, `outcome.${call.outcome ?? ''}`)
  return hasMessage(key) ? t(key) : t('outcome.our-failure')
}

/** Whether the lead waits for the next agent of a transfer. */
export function isBetweenAgents({ state, transfer_state }: Pick<ListedCall, 'state' | 'transfer_state'>): boolean {
  return state === 'answered' && transfer_state !== null && !['requested', 'consulting', 'consulted'].includes(transfer_state)
}

/** Why a call may not be made, or was refused on that `day`. A holiday has its name. */
export function refusalText(reason: string, perspective: Perspective, day: string, t: Translate): string {
  const holiday = reason === 'holiday' ? nationalHoliday(day) : null
  if (holiday !== null) return t('verdict.holiday.named', { holiday: t(`holiday.${holiday}`) })
  const key = addressedTo(perspective, `verdict.${reason}`)
  return hasMessage(key) ? t(key) : t('outcome.refused')
}

/** Who ended an answered call; null if it was not answered, or that is unknown. */
export function hungUpText(call: ListedCall, perspective: Perspective, t: Translate): string | null {
  return call.hung_up_by === null ? null : t(addressedTo(perspective, `hung-up.${call.hung_up_by}`))
}

/** One or two words for a lead's last call. `outcome`: null while the call goes on. */
export function lastCallText(outcome: string | null, t: Translate): string {
  const key = outcome === null ? 'state.requested.short' : `outcome.${outcome}.short`
  return hasMessage(key) ? t(key) : t('outcome.refused.short')
}

/** A colour of the panel. */
export type CallTone = 'ringing' | 'talking' | 'good' | 'trouble' | 'quiet'

export function callTone(call: ListedCall): CallTone {
  if (call.state === 'requested' || call.state === 'authorized' || isBetweenAgents(call)) return 'ringing'
  if (call.state === 'answered') return 'talking'
  if (call.state === 'lost' || call.outcome === 'our-failure' || call.outcome === 'missed') return 'trouble'
  return call.outcome === 'answered' ? 'good' : 'quiet'
}

function incomingText(call: ListedCall, perspective: Perspective, t: Translate): string {
  if (call.state === 'authorized') return t('incoming.ringing')
  if (call.outcome === 'missed') {
    const key = `missed.${call.verdict ?? ''}`
    return hasMessage(key) ? t(key) : t('missed.no-answer')
  }
  const agent = call.agent_name ?? ''
  if (perspective === 'rung') return t('incoming.taken', { agent: firstName(agent) })
  return call.state === 'answered' ? t('state.answered') : answeredText(call, perspective, t)
}

function answeredText(call: ListedCall, perspective: Perspective, t: Translate): string {
  if (call.state === 'lost') return t(call.origin === 'incoming' ? 'outcome.lost.incoming' : 'outcome.lost')
  const hungUp = hungUpText(call, perspective, t)
  const parts = [t('outcome.answered'), durationText(call.talk_seconds, t), ...(hungUp === null ? [] : [hungUp])]
  if (call.transferred_to_agent_id !== null)
    parts.push(
      perspective === 'own'
        ? t('outcome.taken-over', { colleague: call.agent_name ?? '' })
        : t('outcome.passed-on', { colleague: call.colleague_name ?? '' }),
    )
  return parts.join(' · ')
}

/** Some sentences address the agent ("your phone"); other readers get the manager's form. */
function addressedTo(perspective: Perspective, key: string): string {
  return perspective !== 'own' && hasMessage(`${key}.manager`) ? `${key}.manager` : key
}

/** The first word of a name; a number stays whole. */
function firstName(name: string): string {
  return /^[\d(+]/.test(name) ? name : (name.split(/\s+/)[0] ?? name)
}
