/** The time zone of everything that belongs to no tenant: prices for all tenants, backups. */
export const serverTimeZone = 'America/Sao_Paulo'

/**
 * The time zone that a text names, as its list spells it (`America/Sao_Paulo`), or null. An offset such as -03:00 is refused
 * because it does not follow summer time.
 */
export function readTimeZone(text: string): string | null {
  if (!/^[a-z]+\/[a-z/_-]+$/i.test(text)) return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    return null
  }
}
