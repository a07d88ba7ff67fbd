import { isCallId } from '../domain/telephony/call-id.ts'
import type { Log } from '../domain/runtime/log.ts'
import { AgiError } from './agi-error.ts'
import type { AgiConnection } from './connection.ts'
import type { Script } from './context.ts'
import type { Environment } from './environment.ts'
import { authorizeSeconds, requestSeconds } from './metrics.ts'
import { AgiSession } from './session.ts'
import { UNAVAILABLE } from './answer.ts'

export interface ServerOptions<C> {
  scripts: Readonly<Record<string, Script<C>>>
  context: C
  log: Log
  /** Rate-limited, for what outsiders can cause at will. */
  warn: (fields: object, message: string) => void
  deadlineMs: number
  environmentTimeoutMs: number
}

/** Serves one connection. Never rejects; resolves when the connection is closed and its script has finished. */
export async function serve<C>(connection: AgiConnection, options: ServerOptions<C>): Promise<void> {
  const silence = setTimeout(() => {
    // After a pause of this process, timers run before sockets: the request may have arrived, but is not read yet.
    setImmediate(() => {
      if (!connection.silent || connection.over) return
      options.warn({}, 'connection without a request')
      connection.finish(UNAVAILABLE)
      connection.cut()
    })
  }, options.environmentTimeoutMs)
  const opening = await connection.opening
  clearTimeout(silence)

  if (opening === 'malformed') {
    options.warn({}, 'connection does not speak AGI')
    connection.finish(['failure'])
    connection.cut()
  } else if (opening !== 'gone') {
    await answer(connection, opening, options)
  }
  await connection.closed
}

async function answer<C>(connection: AgiConnection, environment: Environment, options: ServerOptions<C>): Promise<void> {
  const { script: name } = environment
  const script = Object.hasOwn(options.scripts, name) ? options.scripts[name] : undefined
  if (script === undefined) {
    options.warn({ script: name, channel: environment.channel }, 'unknown script')
    return connection.finish(UNAVAILABLE)
  }
  const session = new AgiSession(connection, environment)
  const { channel, uniqueId, endpoint } = session
  const log = () => options.log.child({ script: name, channel, uniqueId, endpoint, ...callIdOf(session) })
  const began = performance.now()
  const ms = (): number => Math.round(performance.now() - began)

  let late = false
  const giveUp = () => {
    if (connection.over) return
    late = true
    connection.finish(UNAVAILABLE)
    measure(name, 'late', 'unavailable', began)
    log().error({ ms: ms(), ...session.received }, 'script late, answered unavailable')
    connection.abort(new AgiError('gone', `Not finished after ${options.deadlineMs} ms`))
  }
  // As above: a reply of the database is read first.
  const deadline = setTimeout(() => setImmediate(giveUp), options.deadlineMs).unref()

  try {
    await script(session, { ...options.context, signal: connection.signal })
    connection.finish(session.answer)
    if (late) log().warn({ ms: ms() }, 'script finished after its deadline')
    else measure(name, 'answered', session.verdict, began)
  } catch (error) {
    connection.finish(UNAVAILABLE)
    if (late) log().warn({ ms: ms(), err: error }, 'script failed after its deadline')
    else {
      log().error({ ms: ms(), err: error, ...session.received }, 'script failed, answered unavailable')
      measure(name, 'failed', 'unavailable', began)
    }
  } finally {
    clearTimeout(deadline)
  }
  await connection.closed
  if (connection.refusals.length > 0) log().error({ refusals: connection.refusals }, 'Asterisk refused part of the answer')
}

function measure(script: string, result: 'answered' | 'failed' | 'late', verdict: string | null, began: number): void {
  const seconds = (performance.now() - began) / 1000
  requestSeconds.observe({ script, result }, seconds)
  if (script === 'authorize' && verdict !== null) authorizeSeconds.observe({ verdict }, seconds)
}

/** The call id is the first argument of every script about a call. */
function callIdOf(session: AgiSession): { callId?: string } {
  const first = session.argument(1)
  return isCallId(first) ? { callId: first } : {}
}
