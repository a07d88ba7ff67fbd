import { showEndpoint } from './endpoints.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** The WebSocket of browser phones, and the metrics for Prometheus (prometheus.conf). */
const wantedPaths = ['/ws', '/metrics/...']

/** Checks for entry points that Ramal never uses and an attacker would. */
export async function lookForOpenDoors({ asterisk }: Server): Promise<Finding[]> {
  const faults: Finding[] = []
  const manager = await asterisk('manager show settings')
  if (/Manager \(AMI\):\s+Yes/.test(manager))
    faults.push(fault('AMI is switched on: who guesses its password can call the whole world', 'manager.conf: [general], enabled = no'))
  const http = await asterisk('http show status')
  const bound = /^Server Enabled and Bound to (\S+):\d+/m.exec(http)?.[1]
  if (bound === undefined)
    faults.push(
      fault(
        'its WebSocket is not open: no browser phone can register',
        'local/http.conf: bindaddr = 127.0.0.1, bindport = 8088; then restart Asterisk',
      ),
    )
  else if (!/^127\.|^\[?::1\]?$/.test(bound))
    faults.push(
      fault(
        `its WebSocket is open to everybody at ${bound}, without TLS and past the limits of nginx`,
        'local/http.conf: bindaddr = 127.0.0.1; then restart Asterisk',
      ),
    )
  const paths = [...http.matchAll(/^(\/\S*) => /gm)].map(([, path = '']) => path).filter((path) => !wantedPaths.includes(path))
  if (paths.length > 0)
    faults.push(
      fault(
        `its HTTP server answers at ${paths.join(', ')}, which nothing of Ramal asks for`,
        'pjsip/modules.conf and http.conf as this version brings them; then restart Asterisk',
      ),
    )
  const settings = await asterisk('core show settings')
  if (/Live dangerously:\s+(Yes|Enabled)/i.test(settings))
    faults.push(
      fault(
        'live_dangerously is on: a dialplan function could run programs',
        'asterisk.conf: [options], live_dangerously = no; then restart',
      ),
    )
  if (await showEndpoint(asterisk, 'anonymous'))
    faults.push(
      fault(
        'there is an endpoint "anonymous": strangers may call in',
        'take it out of pjsip.conf and local/; then: asterisk -rx "core reload"',
      ),
    )
  return faults.length > 0 ? faults : [ok('none: no AMI, no anonymous callers, the WebSocket for this machine only')]
}
