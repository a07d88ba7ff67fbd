import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Caller } from './callers.ts'
import type { Recording } from './recording.ts'

/** Starts socket-server.ts; resolves when it listens. */
export async function startSocketServer(databaseUrl: string, callers: Caller[], recording: Recording) {
  const child = fork(join(import.meta.dirname, 'socket-server.ts'), {
    env: { PATH: process.env['PATH'], RAMAL_DATABASE_URL: databaseUrl },
    serialization: 'advanced',
  })
  const ended = once(child, 'exit')
  child.send({ callers, recording })
  const failed = ended.then(([code]) => Promise.reject(new Error(`socket-server.ts exited with ${code}`)))
  const [port] = (await Promise.race([once(child, 'message'), failed])) as [number]
  failed.catch(() => undefined)
  const end = async (): Promise<void> => {
    if (child.connected) child.disconnect()
    await ended
  }
  return { port, pid: child.pid ?? 0, end }
}
