// The web page bundles this file too (web/build.ts). It imports nothing, and it cleans a text without judging it.

/** The most characters that are read: no field with phone numbers is longer. */
export const longestField = 400

/** Soft hyphen, zero width, direction of writing, variation of an emoji, byte order. */
const invisible = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\u034f|[\ufe00-\ufe0f]/g
const lineBreaks = /\r\n?|[\u0085\u2028\u2029]/g
const spaces = /[\t\v\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164]/g
/** Pictures of telephones: ☎ ☏ ✆ 📞 📱 📲 🕻 to 🕿. */
const telephones = /[\u260e\u260f\u2706\u{1f4de}\u{1f4f1}\u{1f4f2}\u{1f57b}-\u{1f57f}]/gu
const fullWidth = /[\uff01-\uff5e]/g
const hyphens = /[\u02d7\u2010-\u2015\u2043\u2212\ufe58\ufe63]/g
const dots = /[\u00b7\u2022\u2024\u2027\u2219]/g
const slashes = /[\u2044\u2215]/g
const apostrophes = /[`\u00b4\u02bc\u2018\u2019\u201b\u2032]/g
const quotationMarks = /[\u201c-\u201f\u2033]/g

/** `tel:`, or a label before the number, such as `Cel.:` or `WhatsApp`. */
const label =
  /^(?:tel(?:efone)?|callto|fone|phone|cel(?:ular)?|mobile|fixo|whats(?: ?app)?|wpp|zap|n[uú]mero|comercial|residencial|recado|trabalho|casa|work|home)s?(?![a-z])[ .:=-]*(?=[+(\dxw])/i
const whatsAppLink = /^(?:https?:\/\/)?wa\.me\/\+?(?=\d)/i
/** The place of a carrier code, `0xx21` or `0**21`, or of an area code that is not there, `(xx) 98765-4321`. */
const carrierPlace = /^((?:\+?55)?[ ()]*0?[ (]*)(?:xx|(?<=0[ (]*)\*\*)(?=[ ()]*\d)/i

/**
 * What stays of a text when everything is gone that does not change the number in it: invisible marks, the many shapes of spaces,
 * hyphens and digits, the marks with which spreadsheets keep a number a text, labels and the place of a carrier code. Line breaks
 * stay, as \n. Cleaning twice changes nothing. Callers refuse texts beyond longestField before.
 */
export function cleanNumberText(raw: string): string {
  let text = plainCharacters(raw)
  // One prefix may hide another: 'tel:(xx21)…
  for (let before = ''; before !== text;) {
    before = text
    text = withoutPrefix(withoutTextMark(text))
  }
  return text
}

function plainCharacters(raw: string): string {
  // Most fields are plain, and files have many.
  const plain = /^[ -~]*$/.test(raw)
    ? raw
    : raw
        .replace(lineBreaks, '\n')
        .replace(invisible, '')
        .replace(spaces, ' ')
        .replace(telephones, ' ')
        .replace(fullWidth, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
        .replace(hyphens, '-')
        .replace(dots, '.')
        .replace(slashes, '/')
        .replace(apostrophes, "'")
        .replace(quotationMarks, '"')
  return plain.replace(/ {2,}/g, ' ').trim()
}

/** Spreadsheets keep a number a text as `'+5521…` or `="5521…"`. Separators say nothing before the first digit. */
function withoutTextMark(text: string): string {
  const quoted = /^=?"([^"]*)"$/.exec(text)?.[1] ?? text
  return quoted.replace(/^[ '().-]+/, '').trim()
}

function withoutPrefix(text: string): string {
  return text.replace(whatsAppLink, '+').replace(label, '').replace(carrierPlace, '$1')
}
