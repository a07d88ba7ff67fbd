import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { checkout } from '../../setup/cache.ts'
import type { ProgramResult } from '../run-program.ts'
import type { FreshMachine } from './fresh-machine.ts'

export type InstalledServer = ReturnType<typeof installedServer>

/** A machine on which the tests install, change and break Ramal, one after the other. */
export function installedServer(machine: FreshMachine) {
  const told = ['--domain', machine.domain, '--certificate', machine.certificate, '--key', machine.key]
  const supervised = ['--supervisor', '/srv/new/dev/server/install/supervisor']

  function install(copy: string, ...args: string[]): Promise<ProgramResult> {
    return machine.run(`/srv/${copy}/systemd/install`, ...supervised, ...args)
  }

  const supervise = (...args: string[]) => machine.run('/srv/new/dev/server/install/supervisor', ...args)

  /** With the groups and the umask that its unit gives it. */
  function as(user: string, ...command: string[]): Promise<ProgramResult> {
    const groups = user === 'asterisk' || user === 'ramal-fastagi' ? ['--clear-groups'] : ['--groups', 'ramal-recordings']
    return machine.run('setpriv', '--reuid', user, '--regid', user, ...groups, 'sh', '-c', 'umask 0007; exec "$@"', 'sh', ...command)
  }

  /** What a running process was told, one setting a line. */
  async function environmentOf(unit: string): Promise<string> {
    return (await machine.run('sh', '-c', `tr '\\0' '\\n' < /proc/$(cat /run/supervisor/${unit})/environ | grep ^RAMAL_ | sort`)).output
  }

  const ramal = (...args: string[]) => machine.run('env', 'USER=olga', 'ramal', ...args)
  const sql = (statement: string) => machine.runWith(statement, 'mariadb', '--skip-column-names')

  /** Everything answers, and a call goes from a call file through Asterisk to its echo. Only a carrier is missing. */
  async function serves(t: Test): Promise<void> {
    const { output } = await ramal('check', '--json')
    // What it says of its faults comes after the list.
    const findings = JSON.parse(output.slice(0, output.lastIndexOf(']') + 1)) as { part: string; level: string; says: string }[]
    t.same(
      findings.filter(({ part, level }) => level === 'fault' && part !== 'trunks'),
      [],
    )
    t.match(
      findings.find(({ part }) => part === 'test call'),
      { level: 'ok' },
    )
    t.equal((await machine.run('curl', '-fsS', '-o', '/dev/null', '-w', '%{http_code}', `https://${machine.domain}/health`)).output, '200')
  }

  /** Each file with its kind, mode, owner, time and size; of directories no time, which a file that comes and goes changes. */
  async function everyFile(...folders: string[]): Promise<Map<string, string>> {
    const skipped = ['/proc', '/run', '/tmp', '/dev', '/srv', '/var/cache/apt', '/var/lib/mysql', '/var/log'].flatMap((path) => [
      '-path',
      path,
      '-prune',
      '-o',
    ])
    const shown = ['(', '-type', 'd', '-printf', '%p\\t%y %m %u %g\\n', '-o', '-printf', '%p\\t%y %m %u %g %T@ %s %l\\n', ')']
    const { output } = await machine.run('find', ...(folders.length > 0 ? folders : ['/']), '-xdev', ...skipped, ...shown)
    return new Map(output.split('\n').map((line) => line.split('\t') as [string, string]))
  }

  async function processIds(): Promise<string> {
    return (await machine.run('pgrep', '-l', 'node|MainThread|asterisk|mariadbd|nginx|turnserver|fail2ban')).output
  }

  /** A checkout at /srv/<name>, each time anew. */
  function copyOf(name: string, archive: Buffer): void {
    const directory = machine.share(name)
    rmSync(directory, { recursive: true, force: true })
    mkdirSync(directory)
    execFileSync('tar', ['-x', '-C', directory], { input: archive })
    // Who stands in for systemd is this version's.
    cpSync(join(checkout, 'dev/server/install/supervisor'), join(directory, 'dev/server/install/supervisor'))
  }

  function migration(copy: string, name: string, statement: string): void {
    writeFileSync(
      join(machine.share(copy), 'migrations', `${name}.ts`),
      `import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql\`${statement}\`.execute(db)
}
`,
    )
  }

  /** What must stay while versions change. */
  const facts = async () => ({
    statement: (await ramal('minutes', 'statement', 'padaria-sol', '--json')).output,
    people: (await ramal('person', 'list', 'padaria-sol', '--json')).output,
    phones: (await sql('select endpoint from ramal.phones order by 1')).output,
    recordings: (await machine.run('sha256sum', '/var/lib/ramal/recordings/a.mp3')).output,
    // But for the secret of the site, which has a place of its own.
    settings: (await machine.run('grep', '-v', '-e', '^RAMAL_SESSION_SECRET=', '-e', '^# Signs the cookies', '/etc/ramal/ramal.env'))
      .output,
  })

  return {
    machine,
    told,
    supervised,
    install,
    supervise,
    as,
    environmentOf,
    ramal,
    sql,
    serves,
    everyFile,
    processIds,
    copyOf,
    migration,
    facts,
  }
}

export function difference(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path))
}

/** What is in this directory now, whether it is in a commit or not. */
export function workingCopy(): Buffer {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: checkout })
  return execFileSync('tar', ['-c', '-C', checkout, '--null', '--ignore-failed-read', '-T', '-'], { input: files, maxBuffer: 2 ** 30 })
}

export function versionOf(commit: string): Buffer {
  return execFileSync('git', ['archive', '--format=tar', commit], { cwd: checkout, maxBuffer: 2 ** 30 })
}
