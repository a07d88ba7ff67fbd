import { isCallId } from '../domain/telephony/call-id.ts'
import type { Log } from '../domain/runtime/log.ts'
import { AgiError } from './agi-error.ts'
import type { AgiConnection } from './connection.ts'
import type { Script } from './context.ts'
import type { Environment } from './environment.ts'
import { authorizeSeconds, requestSeconds } from './metrics.ts'
import { AgiSession } from './session.ts'
import { UNAVAILABLE } from './answer.ts'

export interface House<C> {
  scripts: Readonly<Record<string, Script<C>>>
  context: C
  log: Log
  /** For what strangers can cause at will. */
  warn: (fields: object, message: string) => void
  deadlineMs: number
  environmentTimeoutMs: number
}

/** One connection from its first byte to its last. Resolves, always, when it is closed and its script is through. */
export async function serve<C>(connection: AgiConnection, house: House<C>): Promise<void> {
  const silence = setTimeout(() => {
    // After a pause of this process its timers run before its sockets: the question may be there, and only unread.
    setImmediate(() => {
      if (!connection.silent || connection.over) return
      house.warn({}, 'a connection that asked nothing in time')
      connection.leave(UNAVAILABLE)
      connection.cut()
    })
  }, house.environmentTimeoutMs)
  const opening = await connection.opening
  clearTimeout(silence)

  if (opening === 'malformed') {
    house.warn({}, 'a connection that speaks no AGI')
    connection.leave(['failure'])
    connection.cut()
  } else if (opening !== 'gone') {
    await answer(connection, opening, house)
  }
  await connection.closed
}

async function answer<C>(connection: AgiConnection, environment: Environment, house: House<C>): Promise<void> {
  const { script: name } = environment
  const script = Object.hasOwn(house.scripts, name) ? house.scripts[name] : undefined
  if (script === undefined) {
    house.warn({ script: name, channel: environment.channel }, 'no such script')
    return connection.leave(UNAVAILABLE)
  }
  const session = new AgiSession(connection, environment)
  const { channel, uniqueId, endpoint } = session
  const log = () => house.log.child({ script: name, channel, uniqueId, endpoint, ...callIdOf(session) })
  const began = performance.now()
  const ms = (): number => Math.round(performance.now() - began)

  let late = false
  const giveUp = () => {
    if (connection.over) return
    late = true
    connection.leave(UNAVAILABLE)
    measure(name, 'late', 'unavailable', began)
    log().error({ ms: ms(), ...session.told }, 'late: answered unavailable')
    connection.abort(new AgiError('gone', `Not done after ${house.deadlineMs} ms`))
  }
  // As above: what the database has answered is read first.
  const deadline = setTimeout(() => setImmediate(giveUp), house.deadlineMs).unref()

  try {
    await script(session, { ...house.context, signal: connection.signal })
    connection.leave(session.answer)
    if (late) log().warn({ ms: ms() }, 'done after its deadline')
    else measure(name, 'answered', session.verdict, began)
  } catch (error) {
    connection.leave(UNAVAILABLE)
    if (late) log().warn({ ms: ms(), err: error }, 'failed after its deadline')
    else {
      log().error({ ms: ms(), err: error, ...session.told }, 'failed: answered unavailable')
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

/** The first argument of every script about a call. */
function callIdOf(session: AgiSession): { callId?: string } {
  const first = session.argument(1)
  return isCallId(first) ? { callId: first } : {}
}
