import { Argument } from 'commander'
import { Console } from 'node:console'
import { loadConfig } from '../domain/runtime/config.ts'
import { openDatabase } from '../domain/database/pool.ts'
import { checkServer, parts, type PartFinding } from '../domain/operations/checks/check-server.ts'
import { remoteConsole } from '../domain/operations/checks/server.ts'
import { UserError } from './user-error.ts'
import type { ShellCommand } from './shell.ts'

const marks = { ok: 'ok     ', warning: 'warning', fault: 'FAULT  ' } as const

/** `check [part...]` */
export function checkCommand(program: ShellCommand): void {
  program
    .command('check')
    .description('looks at this whole server, says what is wrong and how to mend it; exits with 1 when there is a fault')
    .addArgument(new Argument('[part...]', 'only these').choices(parts.map(typed)))
    .option('--json', 'print JSON instead of words')
    .action(check)
}

async function check(this: ShellCommand, wanted: string[], { json = false }: { json?: boolean }): Promise<void> {
  const { env, stdout, stderr } = this.shell
  const out = new Console(stdout, stderr)
  const config = loadConfig(env)
  const db = openDatabase(config.databaseUrl, { connections: 1, connectTimeoutMs: 5000 })
  const findings: PartFinding[] = []
  try {
    const server = { config, env, db, asterisk: remoteConsole(config.asteriskCommand, env), now: new Date() }
    const chosen = wanted.length === 0 ? parts : parts.filter((part) => wanted.includes(typed(part)))
    for await (const finding of checkServer(server, chosen)) {
      findings.push(finding)
      if (!json) out.log(words(finding))
    }
  } finally {
    await db.destroy()
  }
  if (json) out.log(JSON.stringify(findings, null, 2))
  const faults = findings.filter(({ level }) => level === 'fault').length
  if (faults > 0) throw new UserError(faults === 1 ? 'There is a fault.' : `There are ${faults} faults.`)
}

/** A part's name as one word of a command line. */
function typed(part: string): string {
  return part.replaceAll(' ', '-')
}

function words({ part, level, says, mend }: PartFinding): string {
  const line = `${marks[level]}  ${part.padEnd(14)}  ${says}`
  return (mend === undefined ? line : `${line}\n${' '.repeat(25)}→ ${mend}`).replaceAll(/[^\P{Cc}\n]/gu, ' ')
}
