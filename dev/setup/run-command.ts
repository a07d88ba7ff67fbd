import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { SetupFailure } from './failure.ts'

type Options = { env?: NodeJS.ProcessEnv; input?: string; onLine?: (line: string) => void }

/** Runs a program and returns its standard output. The error of a failed program contains its last lines of output. */
export async function runCommand(file: string, args: readonly string[], options: Options = {}): Promise<string> {
  const child = spawn(file, args, { env: options.env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] })
  const lines: string[] = []
  let output = ''
  child.stdin.on('error', () => {}).end(options.input ?? '')
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      if (lines.length > 60) lines.shift()
      options.onLine?.(line)
    })
  }
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.on('error', reject).on('close', (exitCode, signal) => resolve(exitCode ?? signal))
  })
  if (code !== 0) throw new SetupFailure(`${file} ${args.join(' ')} failed (${code}):\n${lines.join('\n')}`)
  return output
}
