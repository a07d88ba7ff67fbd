import axios from 'axios'
import { checkHealth } from './agi-health.ts'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** Do the processes that people and Asterisk ask answer? */
export async function askProcesses({ config }: Server): Promise<Finding[]> {
  const [agi, web] = await Promise.all([checkHealth(config.agiListen), webHealth(config.webListen)])
  const findings: Finding[] = []
  if (agi !== null)
    findings.push(fault(`ramal-fastagi: ${agi}: every call is refused`, 'systemctl status ramal-fastagi, and journalctl -u ramal-fastagi'))
  if (web !== null) findings.push(fault(`ramal-web: ${web}: nobody can work`, 'systemctl status ramal-web, and journalctl -u ramal-web'))
  return findings.length > 0 ? findings : [ok('ramal-fastagi and ramal-web answer, and reach the database')]
}

async function webHealth({ host, port }: Server['config']['webListen']): Promise<string | null> {
  return axios.get(`http://${host}:${port}/health`, { timeout: 5000, validateStatus: null, proxy: false }).then(
    ({ status }) => (status === 200 ? null : `it says that it does not work (${status})`),
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  )
}
