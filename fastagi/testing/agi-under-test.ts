import { connect, type Socket } from 'node:net'
import { pino } from 'pino'
import type { Test } from 'tap'
import type { Log } from '../../domain/runtime/log.ts'
import type { Script } from '../context.ts'
import { fakeAsterisk } from './fake-asterisk.ts'
import { createAgiServer, type AgiServer, type AgiServerOptions } from '../server.ts'

export interface AgiUnderTest {
  server: AgiServer
  port: number
  asterisk: ReturnType<typeof fakeAsterisk>
  /** Every line logged, parsed. */
  logged: Record<string, unknown>[]
  /** A peer that does not speak AGI; closed with the test. */
  stranger: () => Socket
}

/** A listening server with these scripts, closed with the test. */
export async function agiUnderTest(
  t: Test,
  scripts: Record<string, Script<object>>,
  options: Partial<AgiServerOptions<object>> = {},
): Promise<AgiUnderTest> {
  const logged: Record<string, unknown>[] = []
  const server = createAgiServer({ scripts, context: {}, log: logInto(logged), ...options })
  await server.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => server.close())
  const { port } = server.address
  return {
    server,
    port,
    asterisk: fakeAsterisk(port),
    logged,
    stranger: () => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined)
      t.teardown(() => socket.destroy())
      return socket
    },
  }
}

export function logInto(lines: Record<string, unknown>[]): Log {
  return pino({ level: 'debug' }, { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) })
}

/** Something that a script waits for until the test lets it go on. */
export function gate<T = void>(): { opens: Promise<T>; open: (value: T) => void; fail: (error: Error) => void } {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  return { opens: promise, open: resolve, fail: reject }
}

/** Waits for something that announces itself nowhere; fails the test after a minute. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const began = performance.now()
  while (!holds()) {
    if (performance.now() - began > 60_000) throw new Error(`Never came true: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
