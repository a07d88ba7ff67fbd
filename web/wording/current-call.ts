import type { ListedCall } from '../../domain/calls/history/history.ts'
import type { Perspective } from '../../domain/calls/history/visibility.ts'
import type { Offer } from '../../domain/calls/transfers/open-transfers.ts'
import type { Translate } from '../locales/translate.ts'
import { callText, callTone, type CallTone } from './calls.ts'
import { durationText } from './durations.ts'

/** What brought the call into the panel. */
export interface Occasion {
  /** A colleague passes the call on, and it rings here. */
  offer?: Offer | null | undefined
  /** This agent passed the call on. */
  passedOn?: boolean | undefined
}

/** How the panel of the phone shows a call. */
export interface CurrentCall {
  /** Over for this agent: it ended, or a colleague has it now. */
  isOver: boolean
  isOpen: boolean
  /** Another agent has the call, and it only rings here. */
  isNotOwn: boolean
  showsTimer: boolean
  showsDialledNumber: boolean
  tone: CallTone
  text: string
}

export function currentCall(
  call: ListedCall,
  perspective: Perspective,
  { offer = null, passedOn = false }: Occasion,
  timeZone: string,
  t: Translate,
): CurrentCall {
  const isPassedOn = call.ended_at === null && passedOn
  const isTaken = perspective === 'rung' && call.agent_id !== null
  const isOver = call.ended_at !== null || isPassedOn
  const isOpen = !isOver && !isTaken
  return {
    isOver,
    isOpen,
    isNotOwn: offer !== null || perspective === 'rung',
    showsTimer: call.state === 'answered' && call.answered_at !== null && !offer && !isTaken && !isPassedOn,
    showsDialledNumber: call.origin === 'incoming' && call.caller_id !== null && isOpen,
    tone: offer ? 'ringing' : isTaken || isPassedOn ? 'quiet' : callTone(call),
    text: offer ? offerText(offer, t) : callText(call, perspective, timeZone, t),
  }
}

function offerText(offer: Offer, t: Translate): string {
  const comesBack = offer.consulted ? 'transfer.comes-back.consulted' : 'transfer.comes-back'
  const key = offer.comesBack ? comesBack : offer.consults ? 'transfer.consults' : 'transfer.offered'
  return t(key, { colleague: offer.colleague })
}

/** Above this the sentence names no seconds. */
const soonSeconds = 50

/** The warning before a call ends by itself; null for any other event. */
export function endingText(kind: string | null, secondsLeft: number | null | undefined, t: Translate): string | null {
  if (kind !== 'balance-ending' && kind !== 'limit-ending') return null
  const seconds = secondsLeft ?? 0
  return seconds > soonSeconds ? t(`call-control.${kind}`) : t(`call-control.${kind}.soon`, { seconds: durationText(seconds, t) })
}
