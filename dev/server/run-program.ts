import { execFile, type ExecFileOptions } from 'node:child_process'

/** How a program ended, and all that it output, on standard output first. */
export interface ProgramResult {
  code: number
  output: string
}

/** Runs a program to its end, with `input` for whatever it asks. Never rejects: one that could not be started ended with 1. */
export function runProgram(file: string, args: readonly string[], options: ExecFileOptions = {}, input = ''): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = execFile(file, args, { maxBuffer: 2 ** 27, ...options, encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, output: stdout + stderr }),
    )
    // One that does not read may be gone before.
    child.stdin?.on('error', () => undefined).end(input)
  })
}
