import type { Command } from 'commander'
import { loadConfig } from '../config.ts'
import { openDatabase, type Database } from '../database/pool.ts'

/** What a command has to say: to a person, and to a program that asked for JSON. */
export interface Answer {
  text: string
  json: unknown
}

/** Adds a noun: `noun(program, 'tenant', 'companies')`. */
export function noun(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).helpCommand(false)
}

/** Adds a verb to a noun: `verb(tenant, 'list', 'all companies')`. */
export function verb(of: Command, name: string, description: string): Command {
  return of.command(name).description(description).option('--json', 'print JSON instead of words and tables')
}

/** The action of a verb: gives `work` a database and what was typed, and prints its answer. */
export function answering<Typed extends unknown[]>(work: (db: Database, ...typed: Typed) => Promise<Answer>) {
  return async function (this: Command, ...typed: Typed): Promise<void> {
    // A person has more patience than a call.
    const db = openDatabase(loadConfig().databaseUrl, { connections: 1, connectTimeoutMs: 10_000 })
    try {
      const { text, json } = await work(db, ...typed)
      console.log(this.opts<{ json?: boolean }>().json ? JSON.stringify(json, null, 2) : text)
    } finally {
      await db.destroy()
    }
  }
}
