import axios from 'axios'
import type { ListenAddress } from '../config.ts'
import { checkHealth } from './agi-health.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** Do the processes that people and Asterisk ask answer? */
export async function askProcesses({ config }: Server): Promise<Finding[]> {
  const { worker: workerPort } = config.metricsPorts
  const [agi, web, worker] = await Promise.all([
    checkHealth(config.agiListen),
    httpHealth(config.webListen),
    workerPort === null ? null : httpHealth({ host: '127.0.0.1', port: workerPort }),
  ])
  const findings: Finding[] = []
  if (agi !== null)
    findings.push(fault(`ramal-fastagi: ${agi}: every call is refused`, 'systemctl status ramal-fastagi, and journalctl -u ramal-fastagi'))
  if (web !== null) findings.push(fault(`ramal-web: ${web}: nobody can work`, 'systemctl status ramal-web, and journalctl -u ramal-web'))
  if (worker !== null)
    findings.push(
      fault(
        `ramal-worker: ${worker}: recordings wait, and what nobody reported is not settled`,
        'systemctl status ramal-worker, and journalctl -u ramal-worker',
      ),
    )
  const all = workerPort === null ? 'ramal-fastagi and ramal-web' : 'ramal-fastagi, ramal-web and ramal-worker'
  return findings.length > 0 ? findings : [ok(`${all} answer, and reach the database`)]
}

async function httpHealth({ host, port }: ListenAddress): Promise<string | null> {
  return axios.get<{ reason?: string } | null>(`http://${host}:${port}/health`, { timeout: 5000, validateStatus: null, proxy: false }).then(
    ({ status, data }) => (status === 200 ? null : (data?.reason ?? `it says that it does not work (${status})`)),
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  )
}
