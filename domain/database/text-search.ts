import { expressionBuilder, type Expression, type ReferenceExpression, type SqlBool } from 'kysely'
import type { Schema } from './schema.ts'

type Searched = 'contacts' | 'do_not_call'
type Column = ReferenceExpression<Schema, Searched>

/** Where a search looks: words as they stand in any of `texts`, digits in `number`. */
interface SearchIn {
  texts: Column[]
  number: Column
  /** Whether digits among other words are part of a number, too: not where people write years and days. */
  digitsAmongWords: boolean
}

/** The rows that match what was typed, up to a hundred characters of it; all of them for nothing. */
export function matches(typed: string, { texts, number, digitsAmongWords }: SearchIn): Expression<SqlBool> {
  const where = expressionBuilder<Schema, Searched>()
  const words = typed.trim().slice(0, 100)
  if (words === '') return where.lit(true)
  const digits = words.replace(/\D/g, '')
  const isNumber = digits.length >= 2 && (digitsAmongWords || /^[\d\s()+.-]+$/.test(words))
  return where.or([
    ...texts.map((text) => where(text, 'like', `%${escapeLike(words)}%`)),
    ...(isNumber ? [where(number, 'like', `%${digits}%`)] : []),
  ])
}

/** What was typed means itself. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
