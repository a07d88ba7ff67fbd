import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { checkout } from '../setup/cache.ts'

export interface Ended {
  code: number
  output: string
  seconds: number
  /** Processor time of the process and of all that it started and waited for. */
  cpuSeconds: number
}

const leftBehindMs = 3000

const running = new Set<ChildProcess>()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => running.forEach((child) => child.kill('SIGTERM')))

/** Runs one of our own programs to its end. */
export async function runNode(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['--import', join(import.meta.dirname, 'tell-usage.ts'), ...args], {
    cwd: checkout,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  running.add(child)
  let output = ''
  let usage = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stdio[3]?.on('data', (chunk: Buffer) => (usage += chunk.toString()))
  const code = await endOf(child)
  running.delete(child)
  return { code, output, seconds: (performance.now() - startedAt) / 1000, cpuSeconds: Number(usage) || 0 }
}

/** A process that the child leaves behind keeps the child's pipes open. Then the child has failed, and the pipes are not waited for. */
function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (status) => {
      let code = status ?? 1
      const giveUp = setTimeout(() => {
        code = code || 1
        for (const stream of child.stdio) stream?.destroy()
      }, leftBehindMs)
      child.once('close', () => {
        clearTimeout(giveUp)
        resolve(code)
      })
    })
  })
}
