import { Console } from 'node:console'
import { loadConfig } from '../domain/runtime/config.ts'
import { withDatabase, type Database } from '../domain/database/pool.ts'
import { UserError } from './user-error.ts'
import type { ShellCommand } from './shell.ts'

/** What a command prints: `text` for people, or `json` with --json. */
export interface Output {
  text: string
  json: unknown
  /** One line for each part that failed although the rest succeeded; the command then exits with 1. */
  faults?: string[]
}

/** Adds a noun: `noun(program, 'tenant', 'companies')`. */
export function noun(program: ShellCommand, name: string, description: string): ShellCommand {
  return program.command(name).description(description).helpCommand(false)
}

/** Adds a verb to a noun: `verb(tenant, 'list', 'lists all companies')`. */
export function verb(parent: ShellCommand, name: string, description: string): ShellCommand {
  return parent.command(name).description(description).option('--json', 'print JSON instead of text and tables')
}

/** The action of a verb: calls `work` with a database and the parsed arguments, and prints its output. */
export function databaseAction<Args extends unknown[]>(work: (db: Database, ...args: Args) => Promise<Output>) {
  return async function (this: ShellCommand, ...args: Args): Promise<void> {
    await withDatabase(loadConfig(this.shell.env).databaseUrl, async (db) => print(this, await work(db, ...args)))
  }
}

/** Prints an output as text or JSON, and throws its faults. */
export function print(command: ShellCommand, { text, json, faults = [] }: Output): void {
  const { stdout, stderr } = command.shell
  // Unlike `stdout.write`, a console ignores a pipe that its reader closed, as in `| head`.
  new Console(stdout, stderr).log(command.opts<{ json?: boolean }>().json ? JSON.stringify(json, null, 2) : text)
  if (faults.length > 0) throw new UserError(faults.join('\n'))
}
