import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { openDatabase, type Database } from '../database/pool.ts'
import { testDatabaseUrl } from './database.ts'

export interface Run {
  code: number | null
  out: string
  err: string
}

/** Whoever runs the server, at a keyboard: `npm run ramal -- …` as a process of its own, on a fresh database. */
export interface Operator {
  db: Database
  /** Runs the program with no terminal, so nobody can be asked. */
  ramal(...words: string[]): Promise<Run>
  /** One run after the other: each of them keeps a processor busy. */
  ramalEach(...runs: string[][]): Promise<Run[]>
  /** One run with something on its standard input. */
  ramalReading(input: string, ...words: string[]): Promise<Run>
  /** What it prints with --json, once it has gone well. */
  json<T>(...words: string[]): Promise<T>
  /** Runs the program in a terminal, where `types` is typed when it asks. */
  ramalAsking(types: string, ...words: string[]): Promise<Run>
}

export async function operator(t: Test): Promise<Operator> {
  const url = await testDatabaseUrl(t)
  const db = openDatabase(url, { connections: 2 })
  t.teardown(() => db.destroy())
  const program = [process.execPath, 'domain/command-line/ramal.ts']
  const run = async (command: string[], input: string): Promise<Run> => {
    const [file = '', ...args] = command
    // Each run of the program compiles the same files: Node keeps them here.
    const NODE_COMPILE_CACHE = join(tmpdir(), 'node-compile-cache')
    const env = { PATH: process.env['PATH'], TERM: 'dumb', USER: 'olga', RAMAL_DATABASE_URL: url, NODE_COMPILE_CACHE }
    const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
    child.stdin.end(input)
    const closed = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
    return { code, out, err }
  }
  return {
    db,
    ramal: (...words) => run([...program, ...words], ''),
    async ramalEach(...runs) {
      const ended: Run[] = []
      for (const words of runs) ended.push(await run([...program, ...words], ''))
      return ended
    },
    ramalReading: (input, ...words) => run([...program, ...words], input),
    async json<T>(...words: string[]) {
      const { code, out, err } = await run([...program, ...words, '--json'], '')
      if (code !== 0) throw new Error(`ramal ${words.join(' ')} ended with ${code}: ${err}`)
      return JSON.parse(out) as T
    },
    // `script` gives it a pseudo-terminal.
    ramalAsking: (types, ...words) =>
      run(['script', '--quiet', '--return', '--command', [...program, ...words].map(quoted).join(' '), '/dev/null'], `${types}\n`),
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
