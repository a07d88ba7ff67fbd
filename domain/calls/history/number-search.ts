import { sql, type Expression, type SqlBool } from 'kysely'
import type { Database } from '../../database/pool.ts'
import { cleanNumberText } from '../../telephony/number-text.ts'
import { areaCodesInUse, hasCountry, parsePhoneNumber } from '../../telephony/phone-numbers.ts'

/** A search for part of a number. */
export interface NumberSearch {
  /** Set if the search text is a complete number, in any spelling. */
  e164: string | null
  digits: string
  /** Whether `digits` begin with the country code. */
  hasCountry: boolean
}

/** Fewer digits are an area code, not the end of a number. */
const fewestOfAnEnd = 3
/** A search that matches more numbers finds calls among the newest just as fast without them. */
const mostNumbers = 500

/** Reads the start or end of a number, or all of it. Null if the text has too few digits. */
export function readNumberSearch(typed: string, defaultAreaCode: string): NumberSearch | null {
  const text = cleanNumberText(typed.slice(0, 40))
  const digits = text.replace(/\D/g, '')
  const parsed = parsePhoneNumber(text, defaultAreaCode)
  const e164 = parsed.kind === 'number' ? parsed.e164 : null
  const significant = digits.replace(/^0+/, '').slice(0, 15)
  return significant.length < 2 ? null : { e164, digits: significant, hasCountry: hasCountry(digits, /^(\+|00)/.test(text)) }
}

/** Matches numbers that start with the digits, with or without an area code, or end with them. */
export function matchesNumber({ e164, digits, hasCountry }: NumberSearch): Expression<SqlBool> {
  const { length } = digits
  const whole = sql<SqlBool>`calls.e164 = ${e164 ?? ''}`
  if (hasCountry) return sql<SqlBool>`(${whole} or substr(calls.e164, 2, ${length}) = ${digits})`
  const begins = sql<SqlBool>`(calls.e164 like '+55%' and substr(calls.e164, 4, ${length}) = ${digits})`
  if (length < fewestOfAnEnd) return sql<SqlBool>`(${whole} or ${begins})`
  const beginsWithoutAreaCode = sql<SqlBool>`(calls.e164 like '+55%' and substr(calls.e164, 6, ${length}) = ${digits})`
  return sql<SqlBool>`(${whole} or ${begins} or ${beginsWithoutAreaCode} or right(calls.e164, ${length}) = ${digits})`
}

/** The matching numbers in a tenant's calls, by the two indexes of numbers; `many` if they are too many to list. */
export async function findNumbers(db: Database, tenantId: number, search: NumberSearch): Promise<string[] | 'many'> {
  const beginnings = await db
    .selectFrom('calls')
    .select('e164 as number')
    .distinct()
    .where('tenant_id', '=', tenantId)
    .where((where) => where.or(beginningsOf(search).map((beginning) => where('e164', 'like', `${beginning}%`))))
    .limit(mostNumbers + 1)
    .execute()
  const ends =
    search.hasCountry || search.digits.length < fewestOfAnEnd
      ? []
      : await db
          .selectFrom('calls')
          .select('e164_backwards as number')
          .distinct()
          .where('tenant_id', '=', tenantId)
          .where('e164_backwards', 'like', `${backwards(search.digits)}%`)
          .limit(mostNumbers + 1)
          .execute()
  const numbers = new Set([...beginnings.map(({ number }) => number ?? ''), ...ends.map(({ number }) => backwards(number ?? ''))])
  return numbers.size > mostNumbers ? 'many' : [...numbers]
}

function beginningsOf({ e164, digits, hasCountry }: NumberSearch): string[] {
  const whole = e164 === null ? [] : [e164]
  if (hasCountry) return [...whole, `+${digits}`]
  const withoutAreaCode = digits.length < fewestOfAnEnd ? [] : areaCodesInUse.map((areaCode) => `+55${areaCode}${digits}`)
  return [...whole, `+55${digits}`, ...withoutAreaCode]
}

function backwards(text: string): string {
  return [...text].reverse().join('')
}
