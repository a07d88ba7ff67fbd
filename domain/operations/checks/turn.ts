import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectByTls } from 'node:tls'
import { turnCredential } from '../../telephony/turn-credentials.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'
import { attribute, method, readStun, stunLength, stunRequest, type StunAnswer } from './stun-message.ts'

const answersWithinMs = 4000
const sendAgainMs = 500
const unauthorized = 401
const udp = Buffer.from([17, 0, 0, 0])

/** Requests a relay at each URL of the TURN server, as an agent's phone does, and releases it. */
export async function askTurn({ config: { turn }, now }: Server): Promise<Finding[]> {
  if (!turn) return [ok('none is set: agents need a network that lets UDP through')]
  const { username, credential } = turnCredential(turn, 'ramal-check', now)
  return Promise.all(turn.urls.map((url) => askAt(url, username, credential)))
}

async function askAt(url: string, username: string, password: string): Promise<Finding> {
  try {
    const line = await openLine(url)
    try {
      const challenge = await line.asks(stunRequest(method.allocate, [[attribute.requestedTransport, udp]]))
      if (challenge.error !== unauthorized)
        return fault(
          `${url} ${challenge.error === null ? 'relays for everybody, without a password' : `answers with error ${challenge.error}`}`,
          'turnserver.conf: use-auth-secret (systemd/coturn/turnserver.conf); then: systemctl restart coturn',
        )
      const [realm, nonce] = [attribute.realm, attribute.nonce].map((type) => challenge.attributes.get(type)?.toString() ?? '')
      const signature = { username, password, realm: realm ?? '', nonce: nonce ?? '' }
      const granted = await line.asks(stunRequest(method.allocate, [[attribute.requestedTransport, udp]], signature))
      if (granted.error === unauthorized)
        return fault(
          `${url} does not believe our passwords`,
          'RAMAL_TURN_SECRET and static-auth-secret in turnserver.conf must be the same; then: systemctl restart coturn',
        )
      if (granted.error !== null) return fault(`${url} gives no relay: error ${granted.error}`, 'journalctl -u coturn says why')
      await line.asks(stunRequest(method.refresh, [[attribute.lifetime, Buffer.alloc(4)]], signature))
      return ok(`${url} relays`)
    } finally {
      line.close()
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return fault(
      `${url} does not answer: ${code ?? message}`,
      'is coturn running (systemctl status coturn), does the firewall let it through, and is RAMAL_TURN_URLS right?',
    )
  }
}

interface Line {
  asks(request: Buffer): Promise<StunAnswer>
  close(): void
}

/** Rejects if the server does not answer, or browsers would refuse its certificate. */
async function openLine(url: string): Promise<Line> {
  const [, scheme = '', host = '', port, transport] = /^(turns?):([^:?]+)(?::(\d+))?(?:\?transport=(\w+))?$/.exec(url) ?? []
  const secure = scheme === 'turns'
  const to = { host, port: Number(port ?? (secure ? 5349 : 3478)) }
  if (!secure && transport !== 'tcp') return openUdp(to)
  const socket = secure ? connectByTls({ ...to, ...(isIP(host) ? {} : { servername: host }) }) : connectPlain(to)
  await once(socket, secure ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(answersWithinMs) })
  return { asks: (request) => askBy(socket, request), close: () => socket.destroy() }
}

async function askBy(socket: Socket, request: Buffer): Promise<StunAnswer> {
  socket.write(request)
  const signal = AbortSignal.timeout(answersWithinMs)
  let said = Buffer.alloc(0)
  for (;;) {
    const length = stunLength(said)
    if (length !== null && said.length >= length) return readStun(said.subarray(0, length))
    const [piece] = (await once(socket, 'data', { signal })) as [Buffer]
    said = Buffer.concat([said, piece])
  }
}

async function openUdp({ host, port }: { host: string; port: number }): Promise<Line> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.connect(port, host)
  await once(socket, 'connect')
  return {
    close: () => socket.close(),
    async asks(request) {
      const again = setInterval(() => socket.send(request), sendAgainMs)
      try {
        socket.send(request)
        const [answer] = (await once(socket, 'message', { signal: AbortSignal.timeout(answersWithinMs) })) as [Buffer]
        return readStun(answer)
      } finally {
        clearInterval(again)
      }
    },
  }
}
