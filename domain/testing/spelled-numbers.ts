import { areaCodesInUse } from '../telephony/phone-numbers.ts'
import type { Random } from './random.ts'

export interface SpelledNumber {
  text: string
  e164: string
  /** The area code of the company where the text was written; a text without an area code has this one. */
  areaCode: string
}

/** A valid number in a random spelling: separators, marks, prefixes, country and carrier codes, notes, decimals. */
export function spelledNumber(random: Random): SpelledNumber {
  const area = random.pick(areaCodesInUse)
  const isMobile = random.percent(60)
  const local = isMobile
    ? `9${random.between(6, 9)}${digits(random, 7)}`
    : `${random.between(2, 5)}${random.between(1, 9)}${digits(random, 6)}`
  const isLocal = random.percent(15)
  const head = isLocal ? random.pick(['', '', '', '(xx) ', '() ']) : prefix(random, area)
  const tail = isMobile && random.percent(8) ? local.slice(1) : local
  const text = random.pick(before) + head + (random.percent(8) ? oddlyGrouped(random, tail) : grouped(random, tail) + random.pick(behind))
  return {
    text: disguised(random, text),
    e164: `+55${area}${local}`,
    areaCode: isLocal || random.percent(10) ? area : random.pick(areaCodesInUse),
  }
}

const before = ['', '', '', '', '', '', ' ', "'", '="', '"', 'tel:', 'Tel.: ', 'WhatsApp ', '☎️ ', '\ufeff', '. ']
const behind = [
  ...Array.from({ length: 60 }, () => ''),
  ...['"', ' ', '.', ';', '.0', ',0', '.00', '.5', 'E+12'],
  ...[' ramal 203', ', ramal: 2', ' r. 12', 'x203', ';ext=203', ' ext. 203', ' op 2', ' ramal 98765432'],
  ...[' (falar com Ana)', ' - Ana', ' Ana', 'Ana', ' (18h às 20h)', ' (DDD 85)', ' DDD 85', ' CPF 11987654321', ' às 18'],
  ...['/02', ' / 02', ' 2', ' 21', '-2', ' (21)', '.1', '-001', ' 555', ', 85', ';85', ' ou', ' e 12', '_'],
]

function prefix(random: Random, area: string): string {
  const country = random.pick(['', '', '', '+55', '55', '(+55)', '+55 (0)', '0055', '00 15 55', '+ 55', '(55)'])
  const carrier =
    country === '' ? random.pick(['', '', '0', '(0)', '0xx', '0XX', '0**', '0 15 ', '021', '041 ', 'xx']) : random.pick(['', '', '0', 'xx'])
  const gap = random.pick(['', ' ', '-', '.', ' '])
  const code = random.pick([
    area,
    `(${area})`,
    `(0${area})`,
    `(xx${area})`,
    `(0xx${area})`,
    `${area}/`,
    `(${area}) `,
    `${area} `,
    `${area}-`,
  ])
  return country + gap + carrier + code
}

function grouped(random: Random, local: string): string {
  const gap = random.pick(['-', '-', ' ', '.', '', ' - ', '–', '‑', '−', '\u00a0', '\u200b', ' '])
  return `${local.slice(0, -4)}${gap}${local.slice(-4)}`
}

/** In groups after which more digits would be part of the number: digit by digit, or in threes. */
function oddlyGrouped(random: Random, local: string): string {
  return (random.percent(50) ? [...local] : [local.slice(0, 3), local.slice(3, 6), local.slice(6)]).join(random.pick(['-', ' ', '.']))
}

/** Puts invisible marks anywhere, and full-width digits. */
function disguised(random: Random, text: string): string {
  const marked = random.percent(20) ? [...text].map((letter) => (random.percent(15) ? random.pick(marks) + letter : letter)).join('') : text
  return random.percent(5) ? marked.replace(/[0-9+()-]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)) : marked
}

const marks = ['\u200b', '\u200e', '\u200f', '\u202a', '\u202c', '\u2066', '\u2069', '\u00ad', '\ufeff', '\u2060']

function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.below(10)).join('')
}
