import { X509Certificate } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { fault, ok, type Finding } from './finding.ts'
import { runBounded } from './run-bounded.ts'
import type { Server } from './server.ts'

const files = { site: '/etc/nginx/conf.d/ramal.conf', certificate: '/etc/ramal/tls/certificate.pem' }

/** Checks that nginx can restart, reaches the site, and serves the installed certificate. */
export async function checkNginx({ config }: Server, { site, certificate } = files): Promise<Finding[]> {
  const isUsed = await access(site).then(
    () => true,
    () => false,
  )
  if (!isUsed) return [ok('not used for Ramal on this machine')]
  const faults: Finding[] = []
  const tested = await runBounded('nginx', ['-t', '-q'], { timeoutMs: 10_000 })
  if (tested.code !== 0)
    faults.push(
      fault(
        `its configuration has an error, so it would not start again: ${lastLine(tested.stderr)}`,
        'correct the file, then: nginx -t, and systemctl reload nginx',
      ),
    )
  const answer = await askSite(new URL(config.sipWebSocketUrl).hostname).catch((error: NodeJS.ErrnoException) => error)
  if (answer instanceof Error)
    return [
      ...faults,
      fault(`it does not answer, so agents cannot work: ${answer.message}`, 'systemctl status nginx, and journalctl -u nginx'),
    ]
  if (answer.status !== 200)
    faults.push(
      fault(
        `the site answers ${answer.status} through nginx, so agents cannot work`,
        'systemctl status ramal-web, and /var/log/nginx/error.log',
      ),
    )
  const installed = await readFile(certificate).then(
    (pem) => new X509Certificate(pem).fingerprint256,
    () => null,
  )
  if (installed !== null && answer.fingerprint !== installed)
    faults.push(fault(`it serves another certificate than ${certificate}`, 'systemctl reload nginx'))
  return faults.length > 0 ? faults : [ok('its configuration is valid, and it reaches the site and serves the installed certificate')]
}

/** Connects to this machine, whatever the name resolves to. The check of the browser's WebSocket verifies trust in the certificate. */
function askSite(servername: string): Promise<{ status: number; fingerprint: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
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
    sent
      .on('timeout', () => sent.destroy(new Error('no answer within 5 s')))
      .on('error', reject)
      .end()
  })
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
