import { randomBytes } from 'node:crypto'
import { request as requestPlain, type IncomingMessage } from 'node:http'
import { request as requestByTls } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { fault, ok, warning, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const dayMs = 86_400_000
const renewedBeforeDays = 21
const renew =
  'certbot renew --dry-run shows why it was not renewed; then: certbot renew, and systemctl reload nginx. For your own certificate: ramal-certificate FILE KEY'

/** Opens the WebSocket as a browser phone does, from outside if RAMAL_SIP_WS_URL leads outside. */
export async function checkBrowserDoor({ config, now }: Server): Promise<Finding[]> {
  const url = config.sipWebSocketUrl
  const { host, hostname } = new URL(url)
  const answer = await openWebSocket(url)
  if ('error' in answer)
    return [
      fault(
        `${url} does not answer, so no browser phone can register: ${answer.error}`,
        `systemctl status nginx; getent hosts ${hostname} must show the address of this machine; RAMAL_SIP_WS_URL is the address that browsers open`,
      ),
    ]
  const findings: Finding[] = []
  if (answer.refusal !== null)
    findings.push(fault(`browsers refuse the certificate of ${host}, so no browser phone can register: ${answer.refusal}`, renew))
  const days = answer.validTo === null ? null : Math.floor((answer.validTo.getTime() - now.getTime()) / dayMs)
  if (days !== null && days < renewedBeforeDays) findings.push(warning(`the certificate of ${host} expires in ${days} days`, renew))
  if (answer.status !== 101)
    findings.push(
      fault(
        `${url} answers ${answer.status} instead of opening a WebSocket, so no browser phone can register`,
        answer.status >= 500
          ? 'nginx does not reach Asterisk: in /etc/nginx/conf.d/ramal.conf it must pass /ws to the address and port of local/http.conf'
          : 'nginx must pass /ws to Asterisk with the headers Upgrade and Connection: docs/edge.md',
      ),
    )
  else if (answer.protocol !== 'sip')
    findings.push(
      fault(
        `${url} opens a WebSocket without SIP, so no browser phone can register`,
        'nginx must pass /ws to Asterisk, which answers at /ws on its own port: docs/edge.md',
      ),
    )
  if (findings.some(({ level }) => level === 'fault')) return findings
  return [ok(`${url} opens${days === null ? '' : `, its certificate is valid for ${days} days`}`), ...findings]
}

interface Answer {
  status: number
  /** The negotiated subprotocol. */
  protocol: string | undefined
  /** Why a browser would refuse the certificate; null if it would not, or without TLS. */
  refusal: string | null
  validTo: Date | null
}

function openWebSocket(url: string): Promise<Answer | { error: string }> {
  const secure = url.startsWith('wss:')
  const request = (secure ? requestByTls : requestPlain)(url.replace(/^ws/, 'http'), {
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Protocol': 'sip',
    },
    timeout: 5000,
    agent: false,
    // The check reports a bad certificate itself, and must not end because of it.
    ...(secure && { rejectUnauthorized: false }),
  })
  return new Promise((resolve) => {
    const onAnswer = (response: IncomingMessage, socket: unknown) => {
      const tls = secure ? (socket as TLSSocket) : null
      const validTo = tls?.getPeerCertificate().valid_to
      resolve({
        status: response.statusCode ?? 0,
        protocol: response.headers['sec-websocket-protocol'],
        refusal: !tls || tls.authorized ? null : String(tls.authorizationError),
        validTo: validTo === undefined ? null : new Date(validTo),
      })
      request.destroy()
    }
    request
      .on('upgrade', (response, socket) => onAnswer(response, socket))
      .on('response', (response) => onAnswer(response, response.socket))
      .on('timeout', () => request.destroy(new Error('no answer within 5 s')))
      .on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }))
      .end()
  })
}
