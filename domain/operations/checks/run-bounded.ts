import { spawn } from 'node:child_process'

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** The program did not end within its time. */
export class TookTooLong extends Error {}

const mostBytes = 16 * 1024 * 1024

/**
 * Runs a program to its end, which comes after `timeoutMs` at the latest: then it and whatever it started get SIGKILL. The console of
 * an Asterisk that hangs waits without end and ignores SIGTERM. Rejects when the program cannot be started or took too long.
 */
export function runBounded(
  file: string,
  args: readonly string[],
  { timeoutMs, env = process.env }: { timeoutMs: number; env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // In a process group of its own, so that a program behind sudo or a shell ends with it.
    const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { stdout: '', stderr: '' }
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It ended in this moment.
      }
    }
    const timer = setTimeout(() => {
      kill()
      reject(new TookTooLong(`no answer within ${timeoutMs / 1000} s`))
    }, timeoutMs)
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text
        if (said[name].length > mostBytes) kill()
      })
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code: code ?? 1, ...said })
    })
  })
}
