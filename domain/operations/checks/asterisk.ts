import { readFile } from 'node:fs/promises'
import { Away, fault, ok, type Finding } from './finding.ts'
import { TookTooLong } from './run-bounded.ts'
import type { Server } from './server.ts'

const modulesFile = new URL('../../../pjsip/modules.conf', import.meta.url)
const oldest = 20

/** Checks that Asterisk runs, is new enough, and has loaded all modules that a call uses. */
export async function askAsterisk({ asterisk }: Server): Promise<Finding[]> {
  const answer = await asterisk('core show version').catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException
    if (error instanceof TookTooLong)
      throw new Away(
        `it hangs: ${message}`,
        'ramal-watch restarts it after three minutes (journalctl -u ramal-watch); at once: systemctl kill --signal=KILL asterisk',
      )
    if (code === 'ENOENT')
      throw new Away('there is no program of that name', 'RAMAL_ASTERISK says how it is started: asterisk, with its full path')
    throw new Away(
      `it does not answer: ${message}`,
      'systemctl status asterisk, and journalctl -u asterisk; it answers root and the users of its group only',
    )
  })
  const version = /^Asterisk (\S+)/.exec(answer)?.[1] ?? 'of an unknown version'
  const findings: Finding[] = []
  if (!(Number.parseInt(version) >= oldest))
    findings.push(fault(`it is Asterisk ${version}, and Ramal needs ${oldest} or newer`, 'install the packages of a newer one'))
  const [wanted, running] = await Promise.all([wantedModules(), runningModules(asterisk)])
  const missing = wanted.filter((name) => !running.has(name))
  if (missing.length > 0)
    findings.push(
      fault(
        `it has not loaded ${missing.join(', ')}`,
        `asterisk -rx "module load ${missing[0]}" says why; when it is not installed at all, its package is missing (apt-file search ${missing[0]})`,
      ),
    )
  return findings.length > 0 ? findings : [ok(`Asterisk ${version}, all ${wanted.length} modules run`)]
}

async function wantedModules(): Promise<string[]> {
  const lines = (await readFile(modulesFile, 'utf8')).matchAll(/^(?:pre)?load = (\S+)/gm)
  return [...lines].map(([, name = '']) => name)
}

async function runningModules(asterisk: Server['asterisk']): Promise<Set<string>> {
  const lines = (await asterisk('module show')).matchAll(/^(\S+\.so)\s.*\sRunning\s/gm)
  return new Set([...lines].map(([, name = '']) => name))
}
