/** The `agi_*` lines that Asterisk sends first: the script, its arguments and the channel. */
export interface Environment {
  /** `authorize` in `agi://127.0.0.1:4573/authorize`; '' if the address has no script. */
  script: string
  arguments: string[]
  channel: string
  /** The PJSIP endpoint of the channel; null for another kind of channel. A caller cannot set it. */
  endpoint: string | null
  uniqueId: string
  /** '' when unknown, as with callerIdName. */
  callerId: string
  callerIdName: string
  context: string
  extension: string
  language: string
  accountCode: string
}

export type EnvironmentProgress = 'more' | 'malformed' | { environment: Environment; rest: string }

/** Asterisk's own buffer for the arguments of AGI() is 8 KB, and it passes 127 of them at most. */
const LONGEST = 32 * 1024
const MOST_LINES = 256

/**
 * Reads the block from packets split anywhere, up to its empty line. Pure, and never throws.
 *
 * Asterisk does not escape newlines, so a repeated name may come from a caller's text. A block with a repeated name, with a line
 * other than `agi_name: value`, or without an end is malformed.
 */
export class EnvironmentParser {
  #text = ''
  #scanned = 0
  #values: Record<string, string> = Object.create(null) as Record<string, string>
  #lines = 0
  #malformed = false

  push(chunk: string): EnvironmentProgress {
    if (this.#malformed) return 'malformed'
    this.#text += chunk
    if (chunk.includes('\n')) {
      for (let end = this.#text.indexOf('\n', this.#scanned); end !== -1; end = this.#text.indexOf('\n', this.#scanned)) {
        const line = this.#text.slice(this.#scanned, end).replace(/\r$/, '')
        this.#scanned = end + 1
        if (line === '') return this.#complete()
        if (!this.#keep(line) || ++this.#lines > MOST_LINES) return this.#fail()
      }
    }
    return this.#text.length > LONGEST ? this.#fail() : 'more'
  }

  /** The characters that are kept for the next packet. */
  get buffered(): number {
    return this.#text.length
  }

  #keep(line: string): boolean {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0))
    if (!/^agi_[a-z0-9_]+$/.test(name) || name in this.#values) return false
    this.#values[name] = line.slice(colon + 1).trim()
    return true
  }

  #complete(): EnvironmentProgress {
    if (this.#scanned > LONGEST || !this.#values['agi_channel'] || !this.#values['agi_uniqueid']) return this.#fail()
    return { environment: environmentOf(this.#values), rest: this.#text.slice(this.#scanned) }
  }

  #fail(): EnvironmentProgress {
    this.#malformed = true
    this.#text = ''
    return 'malformed'
  }
}

function environmentOf(values: Record<string, string>): Environment {
  const text = (name: string): string => values[`agi_${name}`] ?? ''
  const known = (name: string): string => (text(name) === 'unknown' ? '' : text(name))
  return {
    script: text('network_script').replace(/\?.*$/, ''),
    arguments: argumentsOf(values),
    channel: text('channel'),
    endpoint: endpointOf(text('channel')),
    uniqueId: text('uniqueid'),
    callerId: known('callerid'),
    callerIdName: known('calleridname'),
    context: text('context'),
    extension: text('extension'),
    language: text('language'),
    accountCode: text('accountcode'),
  }
}

function argumentsOf(values: Record<string, string>): string[] {
  const found: string[] = []
  for (let n = 1; values[`agi_arg_${n}`] !== undefined; n++) found.push(values[`agi_arg_${n}`] ?? '')
  return found
}

/** PJSIP names its channels after the endpoint and a serial number of eight hex digits: `PJSIP/acme-101-0000001a`. */
export function endpointOf(channel: string): string | null {
  return /^PJSIP\/([A-Za-z0-9_.-]+)-[0-9a-f]{8}$/.exec(channel)?.[1] ?? null
}
