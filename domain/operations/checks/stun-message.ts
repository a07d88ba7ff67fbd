import { createHash, createHmac, randomBytes } from 'node:crypto'

/** The messages and attributes of RFC 8489 and RFC 8656 that a relay request needs. */
export const method = { allocate: 0x0003, refresh: 0x0004 } as const
export const attribute = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  realm: 0x0014,
  nonce: 0x0015,
  requestedTransport: 0x0019,
} as const

export const headerBytes = 20
const magicCookie = 0x2112a442
const integrityBytes = 24

export interface Signature {
  username: string
  password: string
  realm: string
  nonce: string
}

export interface StunAnswer {
  /** Null if the server granted it, else a code such as 401. */
  error: number | null
  attributes: Map<number, Buffer>
}

/** A request, signed with the realm and nonce of the server's challenge. */
export function stunRequest(type: number, attributes: [type: number, value: Buffer][], signature?: Signature): Buffer {
  if (!signature) return message(type, attributes.map(encode), 0)
  const { username, password, realm, nonce } = signature
  const known = { [attribute.username]: username, [attribute.realm]: realm, [attribute.nonce]: nonce }
  const signed = [...attributes, ...Object.entries(known).map(([type, text]): [number, Buffer] => [Number(type), Buffer.from(text)])]
  const unsigned = message(type, signed.map(encode), integrityBytes)
  const key = createHash('md5').update(`${username}:${realm}:${password}`).digest()
  return Buffer.concat([unsigned, encode([attribute.messageIntegrity, createHmac('sha1', key).update(unsigned).digest()])])
}

/** The length of the message that starts like this; null if not known yet. */
export function stunLength(start: Buffer): number | null {
  return start.length < headerBytes ? null : headerBytes + start.readUInt16BE(2)
}

export function readStun(answer: Buffer): StunAnswer {
  const attributes = new Map<number, Buffer>()
  for (let at = headerBytes; at + 4 <= answer.length;) {
    const length = answer.readUInt16BE(at + 2)
    attributes.set(answer.readUInt16BE(at), answer.subarray(at + 4, at + 4 + length))
    at += 4 + Math.ceil(length / 4) * 4
  }
  const code = attributes.get(attribute.errorCode)
  return { error: code && code.length >= 4 ? (code[2] ?? 0) * 100 + (code[3] ?? 0) : null, attributes }
}

function message(type: number, attributes: Buffer[], toFollow: number): Buffer {
  const body = Buffer.concat(attributes)
  const header = Buffer.alloc(8)
  header.writeUInt16BE(type, 0)
  header.writeUInt16BE(body.length + toFollow, 2)
  header.writeUInt32BE(magicCookie, 4)
  return Buffer.concat([header, randomBytes(12), body])
}

function encode([type, value]: [type: number, value: Buffer]): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt16BE(type, 0)
  header.writeUInt16BE(value.length, 2)
  return Buffer.concat([header, value, Buffer.alloc((4 - (value.length % 4)) % 4)])
}
