import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { shortHash } from './cache.ts'

export type Lock = { release(): void }

/**
 * Takes a lock of the whole machine, or returns undefined if another process has it.
 *
 * The lock is a listening socket in Linux's abstract namespace. The kernel frees it when the process ends, even after
 * SIGKILL, so no stale lock file remains.
 */
export async function tryLock(name: string): Promise<Lock | undefined> {
  const waiting = new Set<Socket>()
  const server = createServer((socket) => {
    waiting.add(socket)
    socket.on('error', () => {}).on('close', () => waiting.delete(socket))
  })
  server.listen(address(name))
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw error
  }
  server.unref()
  return {
    release() {
      server.close()
      for (const socket of waiting) socket.destroy()
    },
  }
}

/** Waits for the lock. Calls `onWait` once if another process has it. */
export async function waitForLock(name: string, onWait: () => void): Promise<Lock> {
  for (let attempt = 0; ; attempt += 1) {
    const lock = await tryLock(name)
    if (lock) return lock
    if (attempt === 0) onWait()
    await holderGone(name)
    await delay(20)
  }
}

async function holderGone(name: string): Promise<void> {
  await new Promise<void>((resolve) => {
    connect(address(name))
      .on('error', () => resolve())
      .on('close', () => resolve())
  })
}

function address(name: string): string {
  return `\0ramal-${process.getuid?.() ?? 0}-${shortHash(name)}`
}
