import axios from 'axios'
import type { Config, ListenAddress } from '../../runtime/config.ts'
import { checkHealth } from './agi-health.ts'
import { fault, ok, warning, type Finding } from './finding.ts'
import type { Server } from './server.ts'

type Process = 'ramal-fastagi' | 'ramal-web' | 'ramal-worker'

const consequence: Record<Process, string> = {
  'ramal-fastagi': 'all calls are refused, except emergency calls',
  'ramal-web': 'agents cannot work',
  'ramal-worker': 'recordings are not stored, and calls without a report are not settled',
}

/** Checks that our processes work. */
export async function checkProcesses({ config }: Server): Promise<Finding[]> {
  const asked = await askEachProcess(config)
  const findings = asked.flatMap(([name, reason]) =>
    reason === null
      ? []
      : [fault(`${name} does not work, so ${consequence[name]}: ${reason}`, `systemctl status ${name}, and journalctl -u ${name}`)],
  )
  if (config.metricsPorts.web === null)
    findings.push(
      warning(
        'ramal-door closes no WebSocket, because the site does not tell it which phones are registered',
        'set RAMAL_WEB_METRICS_PORT=9572 in web.env and ramal.env; then: systemctl restart ramal-web',
      ),
    )
  return findings.length > 0 ? findings : [ok(`${asked.map(([name]) => name).join(', ')} answer, and reach the database`)]
}

/** Why each process does not work; null if it works. Asks the worker only if it has a monitoring port. */
export async function askEachProcess({ agiListen, webListen, metricsPorts }: Config): Promise<[name: Process, reason: string | null][]> {
  const { worker } = metricsPorts
  const asked: [Process, Promise<string | null>][] = [
    ['ramal-fastagi', checkHealth(agiListen)],
    ['ramal-web', httpHealth(webListen)],
  ]
  if (worker !== null) asked.push(['ramal-worker', httpHealth({ host: '127.0.0.1', port: worker })])
  return Promise.all(asked.map(async ([name, reason]): Promise<[Process, string | null]> => [name, await reason]))
}

async function httpHealth({ host, port }: ListenAddress): Promise<string | null> {
  return axios.get<{ reason?: string } | null>(`http://${host}:${port}/health`, { timeout: 5000, validateStatus: null, proxy: false }).then(
    ({ status, data }) => (status === 200 ? null : (data?.reason ?? `it answers ${status}`)),
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  )
}
