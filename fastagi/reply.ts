/** What Asterisk sends on an AGI connection after the environment block. */
export type AgiEvent =
  | Reply
  | { kind: 'refused'; code: number; text: string }
  | { kind: 'hangup' }
  | { kind: 'noise'; line: string }
  /** A line or block longer than anything Asterisk sends. Nothing more is read after it. */
  | { kind: 'overflow' }

export interface Reply {
  kind: 'reply'
  code: number
  /** A number where Asterisk wrote one; digits that a number would lose (`007`) stay text. */
  result: number | string
  /** The text in parentheses. */
  value?: string
}

/** The reply to nearly every command. */
const DONE = '200 result=1'

/** GET FULL VARIABLE answers with one line as long as the value. */
const LONGEST = 64 * 1024

/**
 * Reads Asterisk's lines from packets split anywhere. Pure, and never throws.
 *
 * - `100 result=0 Trying...` (before the reply to GOSUB) is not a reply.
 * - A usage block runs from `520-` to `520 `; its text may hold lines that look like replies.
 * - Asterisk does not escape newlines in `(value)`: an open parenthesis joins lines until one closes it.
 * - `HANGUP` may stand between a command and its reply, and comes again when the session ends.
 */
export class ReplyParser {
  #rest = ''
  #open: { kind: 'usage' | 'value'; text: string } | null = null
  #overflown = false

  push(chunk: string): AgiEvent[] {
    const events: AgiEvent[] = []
    let start = 0
    for (let end = chunk.indexOf('\n'); end !== -1 && !this.#overflown; end = chunk.indexOf('\n', start)) {
      const line = this.#rest + chunk.slice(start, end)
      this.#rest = ''
      start = end + 1
      const event = line.length > LONGEST ? this.#overflow() : this.#line(line.replace(/\r$/, ''))
      if (event) events.push(event)
    }
    if (!this.#overflown) {
      this.#rest += chunk.slice(start)
      if (this.#rest.length > LONGEST) events.push(this.#overflow())
    }
    return events
  }

  /** The characters that are kept for the next packet. */
  get buffered(): number {
    return this.#rest.length + (this.#open?.text.length ?? 0)
  }

  #line(line: string): AgiEvent | null {
    if (this.#open?.kind === 'usage') return this.#usageLine(line)
    if (this.#open?.kind === 'value') return this.#replyLine(`${this.#open.text}\n${line}`, line)
    if (line === DONE) return { kind: 'reply', code: 200, result: 1 }
    if (line === '') return null
    if (line === 'HANGUP') return { kind: 'hangup' }
    if (/^1\d\d /.test(line)) return null
    if (line.startsWith('520-')) return this.#hold('usage', line.slice(4))
    if (/^5\d\d (?!result=)/.test(line)) return { kind: 'refused', code: Number(line.slice(0, 3)), text: line.slice(4) }
    return this.#replyLine(line, line)
  }

  #usageLine(line: string): AgiEvent | null {
    const text = this.#open?.text ?? ''
    if (!line.startsWith('520 ')) return this.#hold('usage', `${text}\n${line}`)
    this.#open = null
    return { kind: 'refused', code: 520, text }
  }

  /** `text`: the reply so far; `line`: its newest part. */
  #replyLine(text: string, line: string): AgiEvent | null {
    this.#open = null
    if (OPEN.test(text) && !CLOSED.test(line)) return this.#hold('value', text)
    const whole = REPLY.exec(text)
    return whole ? reply(whole[1], whole[2], whole[3]) : { kind: 'noise', line: text.slice(0, 200) }
  }

  #hold(kind: 'usage' | 'value', text: string): AgiEvent | null {
    if (text.length > LONGEST) return this.#overflow()
    this.#open = { kind, text }
    return null
  }

  #overflow(): AgiEvent {
    this.#overflown = true
    this.#rest = ''
    this.#open = null
    return { kind: 'overflow' }
  }
}

/** `200 result=1 (value) endpos=160`, `200 result=0 endpos=160`, `200 result=0 Gosub complete`. */
const REPLY = /^(\d{3}) result=([^\s(]*)(?: \(([^]*)\)(?: [a-z0-9]+=[^\n]*)?| [^(\n][^\n]*)?$/
const OPEN = /^\d{3} result=[^\s(]* \(/
const CLOSED = /\)(?: [a-z0-9]+=[^\n]*)?$/

function reply(code = '', result = '', value?: string): Reply {
  const number = /^(-?[1-9]\d{0,14}|0)$/.test(result) ? Number(result) : result
  return { kind: 'reply', code: Number(code), result: number, ...(value === undefined ? {} : { value }) }
}
