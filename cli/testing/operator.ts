import { Readable, Writable } from 'node:stream'
import type { Test } from 'tap'
import { openDatabase, type Database } from '../../domain/database/pool.ts'
import { testDatabaseUrl } from '../../domain/testing/database.ts'
import { runRamal } from '../program.ts'

export interface Run {
  code: number | null
  out: string
  err: string
}

/** An operator at a terminal: runs `npm run ramal -- …` on a fresh database, in the process of the test. */
export interface Operator {
  db: Database
  databaseUrl: string
  /** Runs the program without a terminal, so it cannot ask for confirmation. */
  ramal(...words: string[]): Promise<Run>
  /** Several runs in sequence. */
  ramalEach(...runs: string[][]): Promise<Run[]>
  /** One run with this standard input. */
  ramalReading(input: string, ...words: string[]): Promise<Run>
  /** The output of a successful run with --json. */
  json<T>(...words: string[]): Promise<T>
  /** Runs the program on a terminal, and types `types` when asked. */
  ramalAsking(types: string, ...words: string[]): Promise<Run>
}

export async function operator(t: Test): Promise<Operator> {
  const databaseUrl = await testDatabaseUrl(t)
  const db = openDatabase(databaseUrl, { connections: 2 })
  t.teardown(() => db.destroy())
  const run = (words: string[], keyboard = {}) => runs(words, { env: { USER: 'olga', RAMAL_DATABASE_URL: databaseUrl }, ...keyboard })
  return {
    db,
    databaseUrl,
    ramal: (...words) => run(words),
    async ramalEach(...typed) {
      const ended: Run[] = []
      for (const words of typed) ended.push(await run(words))
      return ended
    },
    ramalReading: (input, ...words) => run(words, { input }),
    async json<T>(...words: string[]) {
      const { code, out, err } = await run([...words, '--json'])
      if (code !== 0) throw new Error(`ramal ${words.join(' ')} ended with ${code}: ${err}`)
      return JSON.parse(out) as T
    },
    ramalAsking: (types, ...words) => run(words, { input: `${types}\n`, isTTY: true }),
  }
}

/** One run of the program in this process, and its output. */
export async function runs(
  words: string[],
  { env = {}, input = '', isTTY = false }: { env?: NodeJS.ProcessEnv; input?: string; isTTY?: boolean } = {},
): Promise<Run> {
  const output = { out: '', err: '' }
  const collect = (stream: keyof typeof output) =>
    new Writable({
      write(chunk: Buffer, _, done) {
        output[stream] += chunk.toString()
        done()
      },
    })
  const stdin = Object.assign(Readable.from([Buffer.from(input)]), { isTTY })
  const code = await runRamal(words, { env, stdin, stdout: collect('out'), stderr: collect('err') })
  return { code, ...output }
}
