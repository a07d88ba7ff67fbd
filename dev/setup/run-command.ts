import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { SetupFailure } from './failure.ts'

type Options = { env?: NodeJS.ProcessEnv; input?: string; onLine?: (line: string) => void }

/** Runs a program to its end and answers its standard output; a failure carries the last lines it said. */
export async function runCommand(file: string, args: readonly string[], options: Options = {}): Promise<string> {
  const child = spawn(file, args, { env: options.env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] })
  const said: string[] = []
  let output = ''
  child.stdin.on('error', () => {}).end(options.input ?? '')
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      said.push(line)
      if (said.length > 60) said.shift()
      options.onLine?.(line)
    })
  }
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.on('error', reject).on('close', (exitCode, signal) => resolve(exitCode ?? signal))
  })
  if (code !== 0) throw new SetupFailure(`${file} ${args.join(' ')} failed (${code}):\n${said.join('\n')}`)
  return output
}
