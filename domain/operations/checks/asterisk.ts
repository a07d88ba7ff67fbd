import { readFile } from 'node:fs/promises'
import { Unavailable, fault, ok, type Finding } from './finding.ts'
import { TimedOut } from './run-bounded.ts'
import type { Server } from './server.ts'

const modulesFile = new URL('../../../pjsip/modules.conf', import.meta.url)
const oldest = 20

/** Checks that Asterisk runs, is new enough, and has loaded all modules that a call uses. */
export async function checkAsterisk({ asterisk, config }: Server): Promise<Finding[]> {
  const answer = await asterisk('core show version').catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException
    if (error instanceof TimedOut)
      throw new Unavailable(
        `it hangs, so no call works: ${message}`,
        'ramal-watch restarts it after three minutes (journalctl -u ramal-watch); to restart it now: systemctl kill --signal=KILL asterisk',
      )
    if (code === 'ENOENT')
      throw new Unavailable(
        `its console does not start: there is no program ${config.asteriskCommand[0]}`,
        'set RAMAL_ASTERISK in ramal.env to the full path of the program asterisk',
      )
    throw new Unavailable(
      `it does not answer, so no call works: ${message}`,
      'systemctl status asterisk, and journalctl -u asterisk; run this check as root, because Asterisk answers only root and its own group',
    )
  })
  const version = /^Asterisk (\S+)/.exec(answer)?.[1] ?? 'unknown'
  const findings: Finding[] = []
  if (!(Number.parseInt(version) >= oldest))
    findings.push(fault(`its version is ${version}, and Ramal needs ${oldest} or newer`, 'install a newer Asterisk: docs/install.md'))
  const [wanted, running] = await Promise.all([wantedModules(), runningModules(asterisk)])
  const missing = wanted.filter((name) => !running.has(name))
  if (missing.length > 0)
    findings.push(
      fault(
        `it has not loaded ${missing.join(', ')}, which calls need`,
        `asterisk -rx "module load ${missing[0]}" shows why; if the file does not exist, install its package (apt-file search ${missing[0]})`,
      ),
    )
  return findings.length > 0 ? findings : [ok(`Asterisk ${version}, all ${wanted.length} modules are loaded`)]
}

async function wantedModules(): Promise<string[]> {
  const lines = (await readFile(modulesFile, 'utf8')).matchAll(/^(?:pre)?load = (\S+)/gm)
  return [...lines].map(([, name = '']) => name)
}

async function runningModules(asterisk: Server['asterisk']): Promise<Set<string>> {
  const lines = (await asterisk('module show')).matchAll(/^(\S+\.so)\s.*\sRunning\s/gm)
  return new Set([...lines].map(([, name = '']) => name))
}
