import { connect } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { checkout } from '../setup/cache.ts'
import type { Progress } from '../setup/progress.ts'
import { Daemon } from './daemon.ts'
import type { ProcessName, RamalEnvironment } from './environment.ts'
import type { State } from './state.ts'

type Options = { state: State; env: RamalEnvironment; settings: (name: ProcessName) => NodeJS.ProcessEnv; progress: Progress }

export function fastagiProcess(options: Options): Daemon {
  const port = Number(options.env.RAMAL_AGI_LISTEN.split(':')[1])
  return ownProcess('fastagi', options, async (signal) => {
    const socket = connect({ host: '127.0.0.1', port, signal })
    await once(socket, 'connect', { signal })
    socket.destroy()
  })
}

export function webProcess(options: Options): Daemon {
  return ownProcess('web', options, async (signal) => {
    const answer = await fetch(`http://${options.env.RAMAL_WEB_LISTEN}/health`, { signal })
    await answer.body?.cancel()
    if (answer.status !== 200) throw new Error(`GET /health: ${answer.status}`)
  })
}

/** The worker does not listen on a port. It is ready when it logs `started`, if its log level includes that line. */
export function workerProcess(options: Options): Daemon {
  const logsStart = ['debug', 'info'].includes(options.env.RAMAL_LOG_LEVEL)
  const worker: Daemon = ownProcess('worker', options, async () => {
    if (logsStart && !worker.logTail().includes('"started"')) throw new Error('not started yet')
  })
  return worker
}

function ownProcess(name: ProcessName, { state, settings, progress }: Options, ready: (signal: AbortSignal) => Promise<void>): Daemon {
  return new Daemon({
    name,
    logFile: state.path(`log/${name}.log`),
    command: () => ({
      file: process.execPath,
      args: [join(checkout, name, 'main.ts')],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        ...settings(name),
      },
    }),
    ready,
    // They finish their current work first.
    stopWithinMs: 15_000,
    onUnexpectedEnd: progress.note,
  })
}
