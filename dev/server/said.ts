import { execFile, type ExecFileOptions } from 'node:child_process'

/** How a program ended, and all that it said, on standard output first. */
export interface Said {
  code: number
  said: string
}

/** Runs a program to its end, with `input` for whatever it asks. Never rejects: one that could not be started ended with 1. */
export function hear(file: string, args: readonly string[], options: ExecFileOptions = {}, input = ''): Promise<Said> {
  return new Promise((resolve) => {
    const child = execFile(file, args, { maxBuffer: 2 ** 27, ...options, encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, said: stdout + stderr }),
    )
    // One that does not read may be gone before.
    child.stdin?.on('error', () => undefined).end(input)
  })
}
