import type { CallQuality } from '../../domain/calls/quality.ts'
import type { Translate } from '../locales/translate.ts'
import { gradeOf } from '../browser/quality/quality-grade.ts'

/** How a call sounded, in a word or two. */
export function qualityText({ mean_mos_tenths, worst_mos_tenths }: CallQuality, t: Translate): string {
  const grade = gradeOf(mean_mos_tenths)
  const words = t(`quality.${grade}`)
  return isTrouble(gradeOf(worst_mos_tenths)) && !isTrouble(grade) ? t('quality.with-trouble', { grade: words }) : words
}

/** The measured numbers, for the person who repairs the network. */
export function qualityNumbers(quality: CallQuality, locale: string, t: Translate): string {
  const percent = (permille: number) => (permille / 1000).toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 })
  return t('call.quality.numbers', {
    loss: percent(quality.mean_loss_permille),
    worstLoss: percent(quality.worst_loss_permille),
    roundTrip: quality.mean_round_trip_ms,
    score: (quality.mean_mos_tenths / 10).toLocaleString(locale, { minimumFractionDigits: 1 }),
  })
}

function isTrouble(grade: string): boolean {
  return grade === 'poor' || grade === 'bad'
}
