import { spawn } from 'node:child_process'

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** The program exceeded its time limit. */
export class TimedOut extends Error {}

const mostBytes = 16 * 1024 * 1024

/**
 * Runs a program for at most `timeoutMs`, then sends SIGKILL to it and its children: the console of a hanging Asterisk waits
 * endlessly and ignores SIGTERM. Rejects if the program cannot start or takes too long.
 */
export function runBounded(
  file: string,
  args: readonly string[],
  { timeoutMs, env = process.env }: { timeoutMs: number; env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // In its own process group, so that a program behind sudo or a shell ends with it.
    const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = { stdout: '', stderr: '' }
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has just ended.
      }
    }
    const timer = setTimeout(() => {
      kill()
      reject(new TimedOut(`no answer within ${timeoutMs / 1000} s`))
    }, timeoutMs)
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text
        if (output[name].length > mostBytes) kill()
      })
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code: code ?? 1, ...output })
    })
  })
}
