import { showEndpoint } from './endpoints.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** The WebSocket of browser phones, and the metrics for Prometheus (prometheus.conf). */
const usedPaths = ['/ws', '/metrics/...']
const restart = 'systemctl restart asterisk (this ends all calls in progress)'

/** Checks for entry points that Ramal never uses and an attacker would. */
export async function checkOpenDoors({ asterisk }: Server): Promise<Finding[]> {
  const faults: Finding[] = []
  const manager = await asterisk('manager show settings')
  if (/Manager \(AMI\):\s+Yes/.test(manager))
    faults.push(
      fault(
        'AMI is on: an attacker who guesses its password can place calls to any country',
        'in manager.conf, section [general]: enabled = no; then: asterisk -rx "manager reload"',
      ),
    )
  const http = await asterisk('http show status')
  const bound = /^Server Enabled and Bound to (\S+):\d+/m.exec(http)?.[1]
  if (bound === undefined)
    faults.push(
      fault(
        'Asterisk opens no port for WebSockets, so no browser phone can register',
        `in local/http.conf: bindaddr = 127.0.0.1 and bindport = 8088; then: ${restart}`,
      ),
    )
  else if (!/^127\.|^\[?::1\]?$/.test(bound))
    faults.push(
      fault(
        `the WebSocket of Asterisk is reachable from outside at ${bound}, without TLS and without the limits of nginx`,
        `in local/http.conf: bindaddr = 127.0.0.1; then: ${restart}`,
      ),
    )
  const paths = [...http.matchAll(/^(\/\S*) => /gm)].map(([, path = '']) => path).filter((path) => !usedPaths.includes(path))
  if (paths.length > 0)
    faults.push(
      fault(
        `the HTTP server of Asterisk answers at ${paths.join(', ')}, which Ramal does not use`,
        `use pjsip/modules.conf and pjsip/http.conf of this version; then: ${restart}`,
      ),
    )
  const settings = await asterisk('core show settings')
  if (/Live dangerously:\s+(Yes|Enabled)/i.test(settings))
    faults.push(
      fault(
        'live_dangerously is on: a dialplan function could run programs',
        `in asterisk.conf, section [options]: live_dangerously = no; then: ${restart}`,
      ),
    )
  if (await showEndpoint(asterisk, 'anonymous'))
    faults.push(
      fault(
        'the endpoint "anonymous" exists, so strangers can call in',
        'remove it from pjsip.conf and local/; then: asterisk -rx "core reload"',
      ),
    )
  return faults.length > 0 ? faults : [ok('none: no AMI, no anonymous callers, and a WebSocket for this machine only')]
}
