import type { Locale } from '../../domain/database/schema.ts'

/** Millionths of a real as `R$ 0,039`: cents, and as much of a cent as there is. */
export function reaisText(micros: number, locale: Locale): string {
  return (micros / 1_000_000).toLocaleString(locale, {
    style: 'currency',
    currency: 'BRL',
    minimumFractionDigits: 2,
    maximumFractionDigits: 4,
  })
}
