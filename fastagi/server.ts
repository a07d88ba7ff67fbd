import { createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../domain/runtime/log.ts'
import { AgiConnection } from './connection.ts'
import type { Script } from './context.ts'
import { serve, type ServerOptions } from './request.ts'
import { UNAVAILABLE } from './answer.ts'
import { rateLimited } from './rate-limited-log.ts'

export interface AgiServerOptions<C> {
  /** By the name the dialplan calls: `agi://host/authorize`. */
  scripts: Readonly<Record<string, Script<C>>>
  context: C
  log: Log
  /** How long a script may take. After it, Asterisk gets `unavailable`, and a late answer does not reach the channel. */
  deadlineMs?: number
  /** How long a connection may take to send its request. */
  environmentTimeoutMs?: number
  /** The server closes further connections at once; the dialplan then has no verdict. */
  maxConnections?: number
  /** How long close() waits for what is running. */
  drainMs?: number
}

export interface AgiServer {
  /** Rejects if the address is not available. Works again after close(). */
  listen(target: { host: string; port: number } | { fd: number }): Promise<void>
  readonly address: AddressInfo
  /** Open connections, including those that are closing. */
  readonly connections: number
  /** Accepts no more connections, waits for running requests, then fails the rest. Never rejects. */
  close(): Promise<void>
}

/** After close(), a request may still arrive on an accepted connection. */
const LATE_QUESTION_MS = 200

export function createAgiServer<C>(options: AgiServerOptions<C>): AgiServer {
  const { scripts, context, log, deadlineMs = 2000, environmentTimeoutMs = 1000, maxConnections = 500, drainMs = 4000 } = options
  const serverOptions: ServerOptions<C> = { scripts, context, log, warn: rateLimited(log), deadlineMs, environmentTimeoutMs }
  const requests = new Map<AgiConnection, Promise<void>>()
  const sockets = new Set<Socket>()

  const server = createServer((socket) => {
    const connection = new AgiConnection(socket)
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    requests.set(
      connection,
      serve(connection, serverOptions).finally(() => requests.delete(connection)),
    )
  })
  server.maxConnections = maxConnections
  server.on('drop', () => serverOptions.warn({ maxConnections }, 'too many connections'))
  server.on('error', (error) => log.error({ err: error }, 'AGI port failed'))

  return {
    listen: (target) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ ...target, backlog: 1024 }, () => {
          server.off('error', reject)
          resolve()
        })
      }),

    get address() {
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('The AGI server is not listening on a TCP port')
      return address
    },

    get connections() {
      return sockets.size
    },

    async close() {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()))
      const running = [...requests].map(([connection, request]) => drained(connection, request))
      const giveUp = new AbortController()
      await Promise.race([Promise.all(running), sleep(drainMs, undefined, { signal: giveUp.signal }).catch(() => undefined)])
      giveUp.abort()
      for (const connection of requests.keys()) {
        connection.finish(UNAVAILABLE)
        connection.cut()
      }
      await stopped
    },
  }
}

async function drained(connection: AgiConnection, request: Promise<void>): Promise<void> {
  const late = setTimeout(() => {
    if (connection.silent) connection.cut()
  }, LATE_QUESTION_MS)
  await request
  clearTimeout(late)
}
