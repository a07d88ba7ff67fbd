import type { ListedCall } from '../../domain/calls/history/history.ts'
import type { TransferSegment } from '../../domain/calls/transfers/open-transfers.ts'
import type { Translate } from '../locales/translate.ts'
import { durationWords, timerWords } from './durations.ts'

/** Who talked with the lead, from when to when, and what came between; empty for a call that nobody passed on. */
export function transferSegmentsWords(call: ListedCall, passages: readonly TransferSegment[], t: Translate): string[] {
  if (passages.length === 0) return []
  const offset = (ms: number) => timerWords(ms / 1000)
  const words: string[] = []
  let talker: { who: string; fromMs: number } | null = { who: call.agent_name ?? '', fromMs: 0 }
  for (const passage of passages) {
    const beganAtMs = passage.began_at_ms ?? 0
    if (talker) words.push(t('call.passage', { who: talker.who, from: offset(talker.fromMs), to: offset(beganAtMs) }))
    if (passage.state === 'failed') words.push(t('call.passage.nobody', { colleague: passage.to_name }))
    if (passage.state === 'returned')
      words.push(t(passage.kind === 'attended' ? 'call.passage.consulted' : 'call.passage.returned', { colleague: passage.to_name }))
    const { answered_at_ms: answeredAtMs } = passage
    if (answeredAtMs !== null) words.push(t('call.passage.waited', { duration: durationWords((answeredAtMs - beganAtMs) / 1000, t) }))
    const who = passage.state === 'answered' ? passage.to_name : passage.from_name
    talker = answeredAtMs === null ? null : { who, fromMs: answeredAtMs }
  }
  if (!talker) return words
  const from = offset(talker.fromMs)
  const now = call.ended_at === null
  words.push(
    now
      ? t('call.passage.now', { who: talker.who, from })
      : t('call.passage', { who: talker.who, from, to: offset(call.talk_seconds * 1000) }),
  )
  return words
}
