import { fewestDigits } from './number-field.ts'

/** A number, and what stands behind it: `ramal 203`, `falar com Ana`. */
export interface NotedNumber {
  number: string
  /** Empty = nothing. */
  note: string
  /** Whether the note has digits that are not an extension. They may be the area code: `98765-4321, DDD 21`. */
  hasDigits: boolean
}

/** An extension behind a number. */
const extension = /^(?:ramal|ram|r|extens(?:ion|ao|ão)|ext|x|op[cç](?:ao|ão)|op)[ .:=#nº°]*\d{1,6}(?!\d)/i
const noteCharacters = /^[\p{L}\p{M}\d .,;:()'"ºª°&/+!?=-]+$/u
/** Then the digits are not a telephone's. */
const documents = /(?:^|[^\p{L}])(?:cpf|cnpj|cep|cnh|rg|pis|nis|reais)(?![\p{L}])/iu
const mostLooseDigits = 4

/** Separates a cleaned text without separators of numbers into number and note. Null if what follows the number is not a note. */
export function separateNote(text: string): NotedNumber | null {
  const at = text.search(/[^\d ().+/-]/)
  if (at === -1) return { number: text, note: '', hasDigits: false }
  const head = text.slice(0, at)
  const number = head.replace(/[ (./-]{0,9}$/, '')
  const rest = text.slice(at)
  if (number.replace(/\D/g, '').length < fewestDigits) return null
  const isApart = number.length < head.length || /^[,;:=[]/.test(rest)
  if (!isApart && !extension.test(rest)) return null
  const note = rest.replace(/^[ ,;:=([]+/, '').replace(/[ ,;:)\]]{1,9}$/, '')
  const loose = note.replace(extension, '').replace(/\D/g, '').length
  if (!/\p{L}/u.test(note) || !noteCharacters.test(note) || documents.test(note) || loose > mostLooseDigits) return null
  return { number, note, hasDigits: loose > 0 }
}
