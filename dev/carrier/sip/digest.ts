import { createHash } from 'node:crypto'

export interface Account {
  endpoint: string
  password: string
}

/** The Authorization header's value that answers a digest challenge, the value of WWW-Authenticate (RFC 7616 with MD5). */
export function digestAnswer({ endpoint, password }: Account, challenge: string, method: string, uri: string): string {
  const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
  const [realm, nonce] = [part('realm'), part('nonce')]
  const hash = md5(`${md5(`${endpoint}:${realm}:${password}`)}:${nonce}:00000001:peer:auth:${md5(`${method}:${uri}`)}`)
  return `Digest username="${endpoint}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${hash}", algorithm=MD5, nc=00000001, cnonce="peer", qop=auth, opaque="${part('opaque')}"`
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
