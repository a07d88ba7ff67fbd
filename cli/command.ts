import { Console } from 'node:console'
import { loadConfig } from '../domain/runtime/config.ts'
import { withDatabase, type Database } from '../domain/database/pool.ts'
import { UserError } from './user-error.ts'
import type { ShellCommand } from './shell.ts'

/** What a command has to say: to a person, and to a program that asked for JSON. */
export interface Answer {
  text: string
  json: unknown
  /** A sentence for each thing that could not be done although the rest was. */
  faults?: string[]
}

/** Adds a noun: `noun(program, 'tenant', 'companies')`. */
export function noun(program: ShellCommand, name: string, description: string): ShellCommand {
  return program.command(name).description(description).helpCommand(false)
}

/** Adds a verb to a noun: `verb(tenant, 'list', 'all companies')`. */
export function verb(of: ShellCommand, name: string, description: string): ShellCommand {
  return of.command(name).description(description).option('--json', 'print JSON instead of words and tables')
}

/** The action of a verb: gives `work` a database and what was typed, and prints its answer. */
export function answering<Typed extends unknown[]>(work: (db: Database, ...typed: Typed) => Promise<Answer>) {
  return async function (this: ShellCommand, ...typed: Typed): Promise<void> {
    await withDatabase(loadConfig(this.shell.env).databaseUrl, async (db) => print(this, await work(db, ...typed)))
  }
}

/** Prints an answer as it was asked for; throws its faults. */
export function print(command: ShellCommand, { text, json, faults = [] }: Answer): void {
  const { stdout, stderr } = command.shell
  // A console takes it well when nobody reads on, as in `| head`.
  new Console(stdout, stderr).log(command.opts<{ json?: boolean }>().json ? JSON.stringify(json, null, 2) : text)
  if (faults.length > 0) throw new UserError(faults.join('\n'))
}
