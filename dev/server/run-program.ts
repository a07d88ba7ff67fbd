import { execFile, type ExecFileOptions } from 'node:child_process'

/** The exit code of a program and its output, standard output first. */
export interface ProgramResult {
  code: number
  output: string
}

/** Runs a program to its end, with `input` on standard input. Never rejects: a failed start gives code 1. */
export function runProgram(file: string, args: readonly string[], options: ExecFileOptions = {}, input = ''): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = execFile(file, args, { maxBuffer: 2 ** 27, ...options, encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, output: stdout + stderr }),
    )
    // A program that does not read may have ended.
    child.stdin?.on('error', () => undefined).end(input)
  })
}
