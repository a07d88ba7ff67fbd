import { execFile } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fault, ok, type Finding } from './finding.ts'
import { processNames, settingsFile, type ProcessName } from './process-settings.ts'
import type { Server } from './server.ts'

const run = promisify(execFile)

/** The user that a process runs as. */
interface Identity {
  uid: string
  gid: string
  groups: string[]
}

const mend = (name: string) =>
  `run systemd/install: it corrects users, groups and directories; then: systemctl restart ramal-${name}. systemctl cat ramal-${name} shows what was added to its unit`

/**
 * Checks that each of our processes can reach its files, but no passwords of other processes. Tests as the user and groups that the
 * process runs with now. Skips processes without a user of their own, as in a checkout.
 */
export async function checkFileRights({ config }: Server): Promise<Finding[]> {
  const { spoolDir, monitorDir, storageDir, settingsDir, asteriskConfigDir } = config
  const callFiles = ['tmp', 'outgoing'].map((name) => `w ${join(spoolDir, name)}`)
  const needed: Record<ProcessName, string[]> = {
    fastagi: [],
    web: [...callFiles, `r ${storageDir}`],
    worker: [...callFiles, `r ${monitorDir}`, `w ${monitorDir}`, `r ${storageDir}`, `w ${storageDir}`],
  }
  const secret = [
    ...(['ramal', ...processNames] as const).map((name) => `r ${settingsFile(settingsDir, name)}`),
    `r ${join(asteriskConfigDir, 'local')}`,
  ]
  const findings: Finding[] = []
  for (const name of processNames) {
    const identity = await identityOf(`ramal-${name}`)
    if (identity === null) continue
    const reached = await reachable(identity, [...needed[name], ...secret])
    const [missing, excess] = [needed[name].filter((path) => !reached.has(path)), secret.filter((path) => reached.has(path))]
    if (missing.length > 0) findings.push(fault(`ramal-${name} cannot ${describe(missing)}`, mend(name)))
    if (excess.length > 0) findings.push(fault(`ramal-${name} can ${describe(excess)}, and must not`, mend(name)))
    if (missing.length + excess.length === 0)
      findings.push(ok(`ramal-${name} reaches the files that it needs, and no passwords of other processes`))
  }
  return findings
}

function describe(paths: string[]): string {
  return paths.map((path) => path.replace(/^r /, 'read ').replace(/^w /, 'write to ')).join(', ')
}

/** The user and groups of a running process of that user, or null. */
async function identityOf(user: string): Promise<Identity | null> {
  const uid = new RegExp(`^${user}:[^:]*:(\\d+):`, 'm').exec(await readFile('/etc/passwd', 'utf8'))?.[1]
  if (uid === undefined) return null
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const owner = await stat(join('/proc', pid)).catch(() => null)
    if (String(owner?.uid) !== uid) continue
    const status = await readFile(join('/proc', pid, 'status'), 'utf8').catch(() => '')
    const value = (key: string) => (new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '').split(/\s+/).filter((word) => word !== '')
    const [gid] = value('Gid')
    if (gid !== undefined) return { uid, gid, groups: value('Groups') }
  }
  return null
}

/**
 * Asks the kernel as that identity, so that access lists count. Ignores a read-only file system: the process may see another mount.
 */
const program = `
const { accessSync, constants } = require('node:fs')
for (const path of process.argv.slice(1)) {
  try { accessSync(path.slice(2), path[0] === 'w' ? constants.W_OK : constants.R_OK) } catch (error) { if (error.code !== 'EROFS') continue }
  console.log(path)
}`

async function reachable({ uid, gid, groups }: Identity, paths: string[]): Promise<Set<string>> {
  const others = groups.length > 0 ? ['--groups', groups.join()] : ['--clear-groups']
  const { stdout } = await run('setpriv', [
    '--reuid',
    uid,
    '--regid',
    gid,
    ...others,
    '--',
    process.execPath,
    '-e',
    program,
    '--',
    ...paths,
  ])
  return new Set(stdout.split('\n'))
}
