/** For a monitor: `node fastagi/health-check.ts` prints one line and exits 0 or 1. */
import { checkHealth } from '../domain/operations/checks/agi-health.ts'

// Not loadConfig(): a monitor needs no database password.
const [host = '', port] = (process.env['RAMAL_AGI_LISTEN'] ?? '127.0.0.1:4573').split(':')
const fault = await checkHealth({ host, port: Number(port) })
console.log(`fastagi ${host}:${port}: ${fault ?? 'ok'}`)
process.exitCode = fault === null ? 0 : 1
