import type { ListedCall } from '../../domain/calls/history/history.ts'
import type { TransferSegment } from '../../domain/calls/transfers/open-transfers.ts'
import type { Translate } from '../locales/translate.ts'
import { durationText, timerText } from './durations.ts'

/** Which agent talked with the lead from when to when, and what came between; empty for a call without a transfer. */
export function transferSegmentTexts(call: ListedCall, segments: readonly TransferSegment[], t: Translate): string[] {
  if (segments.length === 0) return []
  const offset = (ms: number) => timerText(ms / 1000)
  const texts: string[] = []
  let talker: { who: string; fromMs: number } | null = { who: call.agent_name ?? '', fromMs: 0 }
  for (const segment of segments) {
    const beganAtMs = segment.began_at_ms ?? 0
    if (talker) texts.push(t('call.passage', { who: talker.who, from: offset(talker.fromMs), to: offset(beganAtMs) }))
    if (segment.state === 'failed') texts.push(t('call.passage.no-answer', { colleague: segment.to_name }))
    if (segment.state === 'returned')
      texts.push(t(segment.kind === 'attended' ? 'call.passage.consulted' : 'call.passage.returned', { colleague: segment.to_name }))
    const { answered_at_ms: answeredAtMs } = segment
    if (answeredAtMs !== null) texts.push(t('call.passage.waited', { duration: durationText((answeredAtMs - beganAtMs) / 1000, t) }))
    const who = segment.state === 'answered' ? segment.to_name : segment.from_name
    talker = answeredAtMs === null ? null : { who, fromMs: answeredAtMs }
  }
  if (!talker) return texts
  const from = offset(talker.fromMs)
  const now = call.ended_at === null
  texts.push(
    now
      ? t('call.passage.now', { who: talker.who, from })
      : t('call.passage', { who: talker.who, from, to: offset(call.talk_seconds * 1000) }),
  )
  return texts
}
