import { randomBytes } from 'node:crypto'
import { request as requestPlain, type IncomingMessage } from 'node:http'
import { request as requestByTls } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { fault, ok, warning, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const dayMs = 86_400_000
const renewedBeforeDays = 21
const renew = 'certbot renew --dry-run says why it was not renewed; then: systemctl reload nginx'

/** Opens the WebSocket as a browser phone does, from outside if RAMAL_SIP_WS_URL leads outside. */
export async function knockAtBrowserDoor({ config, now }: Server): Promise<Finding[]> {
  const url = config.sipWebSocketUrl
  const answer = await knock(url)
  if ('error' in answer)
    return [
      fault(
        `${url} does not answer: ${answer.error}`,
        'is nginx running, and does the name lead to this machine (getent hosts, ss -ltn)? RAMAL_SIP_WS_URL says where browsers go',
      ),
    ]
  const findings: Finding[] = []
  if (answer.refusal !== null)
    findings.push(
      fault(
        `browsers refuse it: the certificate of ${new URL(url).host} is not valid (${answer.refusal})`,
        `give nginx one that browsers trust; ${renew}`,
      ),
    )
  const days = answer.validTo === null ? null : Math.floor((answer.validTo.getTime() - now.getTime()) / dayMs)
  if (days !== null && days < renewedBeforeDays) findings.push(warning(`the certificate ends in ${days} days`, renew))
  if (answer.status !== 101)
    findings.push(
      fault(
        `${url} answers ${answer.status} instead of opening a WebSocket`,
        answer.status >= 500
          ? 'nginx does not reach Asterisk: compare local/http.conf with where nginx passes /ws on to'
          : 'nginx must pass /ws on to Asterisk, with the headers Upgrade and Connection',
      ),
    )
  else if (answer.protocol !== 'sip')
    findings.push(
      fault(`${url} opens a WebSocket that speaks no SIP`, 'nginx must pass /ws on to Asterisk, which answers at /ws on its own port'),
    )
  if (findings.some(({ level }) => level === 'fault')) return findings
  return [ok(`${url} opens${days === null ? '' : `, its certificate is good for ${days} days`}`), ...findings]
}

interface Answer {
  status: number
  /** The negotiated subprotocol. */
  protocol: string | undefined
  /** Why a browser would refuse the certificate; null if it would not, or without TLS. */
  refusal: string | null
  validTo: Date | null
}

function knock(url: string): Promise<Answer | { error: string }> {
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
    // A bad certificate is reported; it must not end the check.
    ...(secure && { rejectUnauthorized: false }),
  })
  return new Promise((resolve) => {
    const answered = (response: IncomingMessage, socket: unknown) => {
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
      .on('upgrade', (response, socket) => answered(response, socket))
      .on('response', (response) => answered(response, response.socket))
      .on('timeout', () => request.destroy(new Error('no answer within 5 s')))
      .on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }))
      .end()
  })
}
