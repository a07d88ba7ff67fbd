import { cleanNumberText, longestField } from './number-text.ts'

/** Between two numbers of one field. A plus after a space starts a number. `:::`: Google Contacts. */
const separator = /(:::|[/;,|\n]| (?:e|ou|or|and) | (?=\+))/i
/** No phone number is shorter, apart from short codes. */
export const fewestDigits = 8

/**
 * The numbers of a cleaned field, each with the text around it; one if the field holds no two complete numbers. Nothing of the field
 * is left out: a short part stays with the number before it (`3333-4309, ramal 20`), an area code with the one after (`21/3333-4309`).
 */
export function splitNumbers(text: string): string[] {
  const parts = text.split(separator)
  const numbers: string[] = []
  let before = ''
  for (let at = 0; at < parts.length; at += 2) {
    const [gap, part, next, after] = [parts[at - 1] ?? '', parts[at] ?? '', parts[at + 1] ?? '', parts[at + 2] ?? '']
    const startsNext = numbers.length === 0 || (next === '/' && isPrefix(part) && isLong(after))
    if (isLong(part)) {
      numbers.push(before + part)
      before = ''
    } else if (startsNext) before += part + next
    else numbers[numbers.length - 1] += gap + part
  }
  return numbers.length > 1 ? numbers.map(trimmed) : [trimmed(text)]
}

/** Country and area code, or only one of them. */
function isPrefix(part: string): boolean {
  return /^[ (+]*(?:55)?[ (]*0?\d\d[ )]*$/.test(part)
}

function isLong(part: string): boolean {
  return part.replace(/\D/g, '').length >= fewestDigits
}

function trimmed(text: string): string {
  let end = text.length
  while (end > 0 && ' ,;:=|/\n'.includes(text[end - 1] ?? '')) end--
  return text.slice(0, end).trimStart()
}

/** What people and products write into a field of a person without a telephone; letters only, without accents. */
const words = new Set(
  (
    'na nd ni nt sn nan nil null nulo none undefined unknown tbd x ref valor ndisp nao sem vazio embranco nenhum inexistente desconhecido ' +
    'indisponivel pendente aconfirmar adefinir naotem naopossui naoinformado naoinformada naoconsta naodisponivel naocadastrado ' +
    'naosabe naotemtelefone semtelefone semfone semtel semcelular semnumero semcontato seminformacao stelefone stel snumero ' +
    'notavailable notprovided nophone nonumber'
  ).split(' '),
)

/**
 * Whether a field says that there is no number: `-`, `N/A`, `não tem`, `(__) _____-____`, `(11) 0000-0000`, `(99) 99999-9999`. It
 * counts as empty.
 */
export function isPlaceholder(raw: string): boolean {
  if (raw.length > longestField) return false
  const text = cleanNumberText(raw).toLowerCase()
  const plain = text.replace(/[^\p{L}\p{N}]/gu, '')
  if (/^0*$/.test(plain) || /^(?:55)?\d\d0{8,9}$/.test(plain) || (text.startsWith('+') && plain === '55')) return true
  if (/^0?(?:55)?9{8,11}$/.test(plain)) return true
  if (/(?:_[^_]{0,3}){7}/.test(text) || /^(?:55)?(?:\d\d)?x{3,}$/.test(plain)) return true
  return words.has(plain.normalize('NFD').replace(/\p{M}/gu, ''))
}
