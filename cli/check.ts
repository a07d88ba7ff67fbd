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
    .description('checks this whole server and says how to repair each fault; exits with 1 if it finds a fault')
    .addArgument(new Argument('[part...]', 'check these parts only').choices(parts.map(partArgument)))
    .option('--json', 'print JSON instead of text')
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
    const chosen = wanted.length === 0 ? parts : parts.filter((part) => wanted.includes(partArgument(part)))
    for await (const finding of checkServer(server, chosen)) {
      findings.push(finding)
      if (!json) out.log(formatFinding(finding))
    }
  } finally {
    await db.destroy()
  }
  if (json) out.log(JSON.stringify(findings, null, 2))
  const faults = findings.filter(({ level }) => level === 'fault').length
  if (faults > 0) throw new UserError(faults === 1 ? '1 fault found.' : `${faults} faults found.`)
}

/** The name of a part as one word of the command line. */
function partArgument(part: string): string {
  return part.replaceAll(' ', '-')
}

function formatFinding({ part, level, says, mend }: PartFinding): string {
  const line = `${marks[level]}  ${part.padEnd(14)}  ${says}`
  return (mend === undefined ? line : `${line}\n${' '.repeat(25)}→ ${mend}`).replaceAll(/[^\P{Cc}\n]/gu, ' ')
}
