/** g729: a codec that Asterisk does not have here. */
export const payloadTypes = { ulaw: 0, alaw: 8, g729: 18, events: 101 } as const
export type Codec = keyof typeof payloadTypes

const names = { ulaw: 'PCMU', alaw: 'PCMA', g729: 'G729', events: 'telephone-event' } as const

export interface SdpOptions {
  direction?: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'
  /** Another address than that of the sound: `0.0.0.0` is how old carriers hold a call. */
  connection?: string
}

/** An offer or answer of one audio stream with these codecs, the preferred one first. */
export function sdp(host: string, port: number, codecs: readonly Codec[], { direction = 'sendrecv', connection = host }: SdpOptions = {}) {
  const version = Math.floor(performance.now())
  return [
    'v=0',
    `o=- 1 ${version} IN IP4 ${host}`,
    's=-',
    `c=IN IP4 ${connection}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${codecs.map((codec) => payloadTypes[codec]).join(' ')}`,
    ...codecs.map((codec) => `a=rtpmap:${payloadTypes[codec]} ${names[codec]}/8000`),
    ...(codecs.includes('events') ? ['a=fmtp:101 0-16'] : []),
    `a=${direction}`,
    '',
  ].join('\r\n')
}

/** Where a description wants its sound, and its payload types in order. */
export function readSdp(text: string): { host: string; port: number; payloads: number[]; direction: string } {
  const [, port = '0', payloads = ''] = /^m=audio (\d+) \S+ ([\d ]+)/m.exec(text) ?? []
  return {
    host: /^c=IN IP4 (\S+)/m.exec(text)?.[1] ?? '',
    port: Number(port),
    payloads: payloads.trim().split(' ').map(Number),
    direction: /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(text)?.[1] ?? 'sendrecv',
  }
}
