import { X509Certificate } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { fault, ok, type Finding } from './finding.ts'
import { runBounded } from './run-bounded.ts'
import type { Server } from './server.ts'

const files = { site: '/etc/nginx/conf.d/ramal.conf', certificate: '/etc/ramal/tls/certificate.pem' }

/** Checks that nginx can restart, reaches the site, and serves the installed certificate. */
export async function lookAtNginx({ config }: Server, { site, certificate } = files): Promise<Finding[]> {
  const isHere = await access(site).then(
    () => true,
    () => false,
  )
  if (!isHere) return [ok('it has no file of Ramal on this machine')]
  const faults: Finding[] = []
  const tested = await runBounded('nginx', ['-t', '-q'], { timeoutMs: 10_000 })
  if (tested.code !== 0)
    faults.push(
      fault(`it does not take its settings, and would not start again: ${lastLine(tested.stderr)}`, 'correct them, then: nginx -t'),
    )
  const answer = await askSite(new URL(config.sipWebSocketUrl).hostname).catch((error: NodeJS.ErrnoException) => error)
  if (answer instanceof Error)
    return [...faults, fault(`it does not answer: ${answer.message}: nobody can work`, 'systemctl status nginx, and journalctl -u nginx')]
  if (answer.status !== 200)
    faults.push(fault(`the site answers ${answer.status} through it`, 'systemctl status ramal-web, and /var/log/nginx/error.log'))
  const given = await readFile(certificate).then(
    (pem) => new X509Certificate(pem).fingerprint256,
    () => null,
  )
  if (given !== null && answer.fingerprint !== given)
    faults.push(fault(`it shows another certificate than the one in ${certificate}`, 'systemctl reload nginx'))
  return faults.length > 0 ? faults : [ok('it takes its settings, reaches the site, and shows the certificate that it was given')]
}

/** Connects to this machine, whatever the name resolves to. The check of the browser's WebSocket verifies trust in the certificate. */
function askSite(servername: string): Promise<{ status: number; fingerprint: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port: 443,
        path: '/health',
        servername,
        headers: { Host: servername },
        rejectUnauthorized: false,
        agent: false,
        timeout: 5000,
      },
      (response) => {
        const { fingerprint256 } = (response.socket as TLSSocket).getPeerCertificate()
        response.resume()
        resolve({ status: response.statusCode ?? 0, fingerprint: fingerprint256 })
      },
    )
    asked
      .on('timeout', () => asked.destroy(new Error('no answer within 5 s')))
      .on('error', reject)
      .end()
  })
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
