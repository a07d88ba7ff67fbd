import { expressionBuilder, type Expression, type ReferenceExpression, type SqlBool } from 'kysely'
import type { Schema } from './schema.ts'

type Searched = 'contacts' | 'do_not_call'
type Column = ReferenceExpression<Schema, Searched>

/** Where a search looks: for words in `texts`, for digits in numbers. */
interface SearchIn {
  texts: Column[]
  /** Matches the rows with a number like a pattern. */
  numberLike: (pattern: string) => Expression<SqlBool>
  /** Whether digits among words also search the number. Not for texts that contain years and dates, nor in an e-mail address. */
  digitsAmongWords: boolean
}

/** Matches rows against a search text of up to a hundred characters; an empty text matches all. */
export function matches(typed: string, { texts, numberLike, digitsAmongWords }: SearchIn): Expression<SqlBool> {
  const where = expressionBuilder<Schema, Searched>()
  const words = typed.trim().slice(0, 100)
  if (words === '') return where.lit(true)
  const digits = words.replace(/\D/g, '')
  const isNumber = digits.length >= 2 && ((digitsAmongWords && !words.includes('@')) || /^[\d\s()+.-]+$/.test(words))
  return where.or([...texts.map((text) => where(text, 'like', `%${escapeLike(words)}%`)), ...(isNumber ? [numberLike(`%${digits}%`)] : [])])
}

/** Escapes wildcards: the search text is literal. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
