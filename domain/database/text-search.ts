import { expressionBuilder, type Expression, type ReferenceExpression, type SqlBool } from 'kysely'
import type { Schema } from './schema.ts'

type Searched = 'contacts' | 'do_not_call'
type Column = ReferenceExpression<Schema, Searched>

/** Where a search looks: for words in `texts`, for digits in numbers. */
interface SearchIn {
  texts: Column[]
  /** Matches the rows with another text like a pattern. */
  otherLike?: (pattern: string) => Expression<SqlBool>
  /** Matches the rows with a number like a pattern. */
  numberLike: (pattern: string) => Expression<SqlBool>
  /** Whether four digits or more among words also search the number. Not for texts that contain years and dates, nor in an e-mail address. */
  digitsAmongWords: boolean
}

/** Matches rows against a search text of up to a hundred characters; an empty text matches all. */
export function matches(typed: string, { texts, otherLike, numberLike, digitsAmongWords }: SearchIn): Expression<SqlBool> {
  const where = expressionBuilder<Schema, Searched>()
  const words = typed.trim().slice(0, 100)
  if (words === '') return where.lit(true)
  const digits = words.replace(/\D/g, '')
  const isAmongWords = digitsAmongWords && digits.length >= 4 && !words.includes('@')
  const isNumber = isAmongWords || (digits.length >= 2 && /^[\d\s()+.-]+$/.test(words))
  const pattern = `%${escapeLike(words)}%`
  return where.or([
    ...texts.map((text) => where(text, 'like', pattern)),
    ...(otherLike ? [otherLike(pattern)] : []),
    ...(isNumber ? [numberLike(`%${digits}%`)] : []),
  ])
}

/** Escapes wildcards: the search text is literal. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
