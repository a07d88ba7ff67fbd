import type { Locale } from '../../domain/database/schema.ts'
import type { TenantWarning } from '../../domain/policy/tenant-warnings.ts'
import type { Translate } from '../locales/translate.ts'
import { countText } from './durations.ts'

/** A banner. A manager also reads the reason, follows the link, and releases paused calls. */
export interface WarningText {
  /** Two warnings with the same key read alike. */
  key: string
  sentence: string
  reason: string | null
  link: { href: string; text: string } | null
  mayRelease: boolean
}

export function warningKey(warning: TenantWarning): string {
  return warning.kind === 'paused' ? `paused-${warning.pause.pausedAt.getTime()}` : warning.kind
}

export function warningText(warning: TenantWarning, isManager: boolean, locale: Locale, t: Translate): WarningText {
  const key = warningKey(warning)
  if (!isManager) return { key, sentence: t(`banner.${warning.kind}`), reason: null, link: null, mayRelease: false }
  const sentence = t(`banner.${warning.kind}.manager`)
  return warning.kind === 'paused'
    ? { key, sentence, reason: pauseReason(warning, locale, t), link: { href: '/calls', text: t('banner.see-calls') }, mayRelease: true }
    : { key, sentence, reason: null, link: { href: '/balance', text: t('banner.see-balance') }, mayRelease: false }
}

function pauseReason({ pause, alarmSeconds }: TenantWarning & { kind: 'paused' }, locale: Locale, t: Translate): string {
  const minutes = (seconds: number) => countText(Math.ceil(seconds / 60), locale)
  const hour = minutes(pause.hourSeconds)
  return pause.usualSeconds > 0
    ? t('banner.paused.reason', { hour, usual: minutes(pause.usualSeconds) })
    : t('banner.paused.reason-new', { hour, alarm: minutes(alarmSeconds) })
}
