import type { ListedCall } from '../../domain/calls/history/history.ts'
import type { Perspective } from '../../domain/calls/history/visibility.ts'
import type { Direction } from '../../domain/calls/history/filter.ts'
import { nationalHoliday } from '../../domain/policy/holidays.ts'
import { localTime } from '../../domain/runtime/local-time.ts'
import { formatPhoneNumber } from '../../domain/telephony/phone-numbers.ts'
import { hasMessage, type Translate } from '../locales/translate.ts'
import { durationWords } from './durations.ts'

/** The lead's name, else the number, else what was typed. */
export function whomWords(call: ListedCall, t: Translate): string {
  if (call.contact_name !== null) return call.contact_name
  if (call.e164 !== null) return formatPhoneNumber(call.e164)
  if (call.dialled !== '') return call.dialled
  return t(call.origin === 'incoming' ? 'call.hidden-number' : 'call.unknown-number')
}

/** Who called whom. */
export function directionOf(call: Pick<ListedCall, 'origin' | 'outcome'>): Direction {
  if (call.outcome === 'missed') return 'missed'
  return call.origin === 'incoming' ? 'incoming' : 'outgoing'
}

/** What happened to a call, or is happening, and what to do about it. */
export function callWords(call: ListedCall, eye: Perspective, timeZone: string, t: Translate): string {
  if (call.origin === 'incoming') return incomingWords(call, eye, t)
  if (call.state === 'answered' && (call.transfer_state === 'consulting' || call.transfer_state === 'consulted'))
    return t(`state.${call.transfer_state}`, { colleague: call.colleague_name ?? '' })
  if (isInPassing(call))
    return t(`state.${call.transfer_state === 'returning' ? 'returning' : 'passing'}`, { colleague: call.colleague_name ?? '' })
  if (call.state === 'answered' && call.transferred_to_agent_id !== null && eye === 'manager')
    return t('state.transferred', { colleague: call.colleague_name ?? '' })
  if (call.state === 'requested' || call.state === 'authorized' || call.state === 'answered') {
    return t(addressedTo(eye, `state.${call.state}`), { whom: firstName(whomWords(call, t)) })
  }
  if (call.outcome === 'answered') return answeredWords(call, eye, t)
  if (call.outcome === 'refused') {
    const why = refusalWords(call.verdict ?? '', eye, localTime(call.requested_at, timeZone).day, t)
    return call.refused_times === 1 ? why : `${why} · ${t('call.refused-times', { count: call.refused_times })}`
  }
  const key = addressedTo(eye, `outcome.${call.outcome ?? ''}`)
  return hasMessage(key) ? t(key) : t('outcome.our-failure')
}

/** Whether the lead waits between two agents. */
export function isInPassing({ state, transfer_state }: Pick<ListedCall, 'state' | 'transfer_state'>): boolean {
  return state === 'answered' && transfer_state !== null && !['requested', 'consulting', 'consulted'].includes(transfer_state)
}

/** Why a call may not be made, or might not be on that `day`: a holiday is called by its name. */
export function refusalWords(reason: string, eye: Perspective, day: string, t: Translate): string {
  const holiday = reason === 'holiday' ? nationalHoliday(day) : null
  if (holiday !== null) return t('verdict.holiday.named', { holiday: t(`holiday.${holiday}`) })
  const key = addressedTo(eye, `verdict.${reason}`)
  return hasMessage(key) ? t(key) : t('outcome.refused')
}

/** Who ended a call that was answered; null for one that was not, or nobody knows. */
export function hungUpWords(call: ListedCall, eye: Perspective, t: Translate): string | null {
  return call.hung_up_by === null ? null : t(addressedTo(eye, `hung-up.${call.hung_up_by}`))
}

/** One or two words for a lead's last call; null outcome = it is still going on. */
export function lastCallWords(outcome: string | null, t: Translate): string {
  const key = outcome === null ? 'state.requested.short' : `outcome.${outcome}.short`
  return hasMessage(key) ? t(key) : t('outcome.refused.short')
}

/** Which of the panel's colours a call takes. */
export function callTone(call: ListedCall): 'ringing' | 'talking' | 'good' | 'trouble' | 'quiet' {
  if (call.state === 'requested' || call.state === 'authorized' || isInPassing(call)) return 'ringing'
  if (call.state === 'answered') return 'talking'
  if (call.state === 'lost' || call.outcome === 'our-failure' || call.outcome === 'missed') return 'trouble'
  return call.outcome === 'answered' ? 'good' : 'quiet'
}

function incomingWords(call: ListedCall, eye: Perspective, t: Translate): string {
  if (call.state === 'authorized') return t('incoming.ringing')
  if (call.outcome === 'missed') return t(`missed.${call.verdict ?? 'nobody'}`)
  const agent = call.agent_name ?? ''
  if (eye === 'rung') return t('incoming.taken', { agent: firstName(agent) })
  return call.state === 'answered' ? t('state.answered') : answeredWords(call, eye, t)
}

function answeredWords(call: ListedCall, eye: Perspective, t: Translate): string {
  if (call.state === 'lost') return t(call.origin === 'incoming' ? 'outcome.lost.incoming' : 'outcome.lost')
  const hungUp = hungUpWords(call, eye, t)
  const parts = [t('outcome.answered'), durationWords(call.talk_seconds, t), ...(hungUp === null ? [] : [hungUp])]
  if (call.transferred_to_agent_id !== null)
    parts.push(
      eye === 'own'
        ? t('outcome.taken-over', { colleague: call.agent_name ?? '' })
        : t('outcome.passed-on', { colleague: call.colleague_name ?? '' }),
    )
  return parts.join(' · ')
}

/** Some sentences speak to the agent ("your phone"); a manager who reads them gets their own. */
function addressedTo(eye: Perspective, key: string): string {
  return eye !== 'own' && hasMessage(`${key}.manager`) ? `${key}.manager` : key
}

/** `Chamando Maria…`; a number stays whole. */
function firstName(whom: string): string {
  return /^[\d(+]/.test(whom) ? whom : (whom.split(/\s+/)[0] ?? whom)
}
