import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect as connectByTcp, isIP, type Socket } from 'node:net'
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
export async function checkTurn({ config: { turn }, now }: Server): Promise<Finding[]> {
  if (!turn) return [ok('not used: phones need a network that lets UDP through')]
  const { username, credential } = turnCredential(turn, 'ramal-check', now)
  return Promise.all(turn.urls.map((url) => checkUrl(url, username, credential)))
}

async function checkUrl(url: string, username: string, password: string): Promise<Finding> {
  try {
    const turn = await connect(url)
    try {
      const challenge = await turn.request(stunRequest(method.allocate, [[attribute.requestedTransport, udp]]))
      if (challenge.error !== unauthorized)
        return fault(
          `${url} ${challenge.error === null ? 'relays without a password, for every stranger' : `answers with error ${challenge.error}`}`,
          'turnserver.conf must have use-auth-secret, as systemd/coturn/turnserver.conf has; then: systemctl restart coturn',
        )
      const [realm, nonce] = [attribute.realm, attribute.nonce].map((type) => challenge.attributes.get(type)?.toString() ?? '')
      const signature = { username, password, realm: realm ?? '', nonce: nonce ?? '' }
      const granted = await turn.request(stunRequest(method.allocate, [[attribute.requestedTransport, udp]], signature))
      if (granted.error === unauthorized)
        return fault(
          `${url} refuses our passwords, so phones behind a firewall have no sound`,
          'RAMAL_TURN_SECRET and static-auth-secret in turnserver.conf must be the same; then: systemctl restart coturn',
        )
      if (granted.error !== null)
        return fault(
          `${url} refuses a relay with error ${granted.error}, so phones behind a firewall have no sound`,
          'journalctl -u coturn shows why',
        )
      await turn.request(stunRequest(method.refresh, [[attribute.lifetime, Buffer.alloc(4)]], signature))
      return ok(`${url} relays`)
    } finally {
      turn.close()
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return fault(
      `${url} does not answer, so phones behind a firewall have no sound: ${code ?? message}`,
      'systemctl status coturn; the firewall must allow its port, and RAMAL_TURN_URLS must be right',
    )
  }
}

interface TurnConnection {
  request(message: Buffer): Promise<StunAnswer>
  close(): void
}

/** Rejects if the server does not answer, or browsers would refuse its certificate. */
async function connect(url: string): Promise<TurnConnection> {
  const [, scheme = '', host = '', port, transport] = /^(turns?):([^:?]+)(?::(\d+))?(?:\?transport=(\w+))?$/.exec(url) ?? []
  const secure = scheme === 'turns'
  const to = { host, port: Number(port ?? (secure ? 5349 : 3478)) }
  if (!secure && transport !== 'tcp') return openUdp(to)
  const socket = secure ? connectByTls({ ...to, ...(isIP(host) ? {} : { servername: host }) }) : connectByTcp(to)
  await once(socket, secure ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(answersWithinMs) })
  return { request: (message) => requestOver(socket, message), close: () => socket.destroy() }
}

async function requestOver(socket: Socket, message: Buffer): Promise<StunAnswer> {
  socket.write(message)
  const signal = AbortSignal.timeout(answersWithinMs)
  let received = Buffer.alloc(0)
  for (;;) {
    const length = stunLength(received)
    if (length !== null && received.length >= length) return readStun(received.subarray(0, length))
    const [piece] = (await once(socket, 'data', { signal })) as [Buffer]
    received = Buffer.concat([received, piece])
  }
}

async function openUdp({ host, port }: { host: string; port: number }): Promise<TurnConnection> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.connect(port, host)
  await once(socket, 'connect')
  return {
    close: () => socket.close(),
    async request(message) {
      const repeat = setInterval(() => socket.send(message), sendAgainMs)
      try {
        socket.send(message)
        const [answer] = (await once(socket, 'message', { signal: AbortSignal.timeout(answersWithinMs) })) as [Buffer]
        return readStun(answer)
      } finally {
        clearInterval(repeat)
      }
    },
  }
}
