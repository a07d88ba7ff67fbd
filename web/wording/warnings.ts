import type { Locale } from '../../domain/database/schema.ts'
import type { TenantWarning } from '../../domain/policy/tenant-warnings.ts'
import type { Translate } from '../locales/translate.ts'
import { countWords } from './durations.ts'

/** What a banner says: a sentence, and for whoever decides the reason behind it. */
export interface WarningWords {
  sentence: string
  reason: string | null
}

/** Two warnings with the same key read alike. */
export function warningKey(warning: TenantWarning): string {
  return warning.kind === 'paused' ? `paused-${warning.pause.pausedAt.getTime()}` : warning.kind
}

/** A warning in the words of a manager, who can do something about it, or of an agent, who can ask for it. */
export function warningWords(warning: TenantWarning, manages: boolean, locale: Locale, t: Translate): WarningWords {
  const sentence = t(`banner.${warning.kind}${manages ? '.manager' : ''}`)
  return { sentence, reason: manages && warning.kind === 'paused' ? pauseWords(warning, locale, t) : null }
}

function pauseWords({ pause, alarmSeconds }: TenantWarning & { kind: 'paused' }, locale: Locale, t: Translate): string {
  const minutes = (seconds: number) => countWords(Math.ceil(seconds / 60), locale)
  const hour = minutes(pause.hourSeconds)
  return pause.usualSeconds > 0
    ? t('banner.paused.reason', { hour, usual: minutes(pause.usualSeconds) })
    : t('banner.paused.reason-new', { hour, alarm: minutes(alarmSeconds) })
}
