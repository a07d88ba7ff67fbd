/** A SIP request or response. */
export class SipMessage {
  /** The request line or the status line. */
  readonly start: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string

  constructor(start: string, headers: readonly (readonly [string, string])[], body = '') {
    this.start = start
    this.headers = headers
    this.body = body
  }

  static parse(text: string): SipMessage {
    const end = text.indexOf('\r\n\r\n')
    const [start = '', ...lines] = (end < 0 ? text : text.slice(0, end)).split('\r\n')
    const headers = lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const
    })
    return new SipMessage(start, headers, end < 0 ? '' : text.slice(end + 4))
  }

  /** Null for a response. */
  get method(): string | null {
    return this.start.startsWith('SIP/2.0 ') ? null : (this.start.split(' ')[0] ?? '')
  }

  /** Of a request. */
  get uri(): string {
    return this.start.split(' ')[1] ?? ''
  }

  /** Null for a request. */
  get status(): number | null {
    return this.method === null ? Number(this.start.split(' ')[1]) : null
  }

  /** The first header of this name; empty without one. */
  header(name: string): string {
    return this.all(name)[0] ?? ''
  }

  all(name: string): string[] {
    return this.headers.filter(([named]) => named.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  }

  get callId(): string {
    return this.header('Call-ID')
  }

  get sequence(): number {
    return Number.parseInt(this.header('CSeq'), 10)
  }

  /** The method of the request that this answers, or that this is. */
  get transaction(): string {
    return this.header('CSeq').split(' ')[1] ?? ''
  }

  toString(): string {
    const length = ['Content-Length', String(Buffer.byteLength(this.body))] as const
    return `${[this.start, ...[...this.headers, length].map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n${this.body}`
  }
}

/** The URI inside `"Name" <sip:user@host>;tag=x`. */
export function uriOf(header: string): string {
  return /<([^>]*)>/.exec(header)?.[1] ?? header.split(';')[0] ?? ''
}

/** The user part of a SIP URI, or the number of a tel URI. */
export function userOf(uri: string): string {
  return /^(?:sips?|tel):([^@;?>]*)/.exec(uri)?.[1] ?? ''
}

export function tagOf(header: string): string {
  return /;tag=([^;]*)/.exec(header)?.[1] ?? ''
}
