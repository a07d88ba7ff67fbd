import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t from 'tap'

const env = { PATH: process.env['PATH'], RAMAL_DATABASE_URL: 'mysql://ramal:secret@127.0.0.1:1/ramal' }

/** Starts a process that does this besides, and that runs until it is told to stop. */
function starts(also: string) {
  const program = `
    const { startProcess } = await import('${import.meta.dirname}/run-process.ts')
    const { db, stop } = startProcess('worker')
    const timer = setInterval(() => {}, 1000)
    stop.addEventListener('abort', () => void db.destroy().then(() => clearInterval(timer)))
    ${also}
    console.log('ready')`
  return spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

t.test('a process that is told to stop says so, and ends', async (t) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const child = starts('')
    const lines: string[] = []
    const output = createInterface(child.stdout).on('line', (line) => lines.push(line))
    const ended = Promise.all([once(child, 'exit'), once(output, 'close')])
    await once(output, 'line')
    child.kill(signal)
    t.same((await ended)[0], [0, null])
    t.match(lines.join(), new RegExp(`"signal":"${signal}","msg":"stopping"`))
  }
})

t.test('a process in an unknown state exits with 1, and says why', async (t) => {
  for (const fault of ["setTimeout(() => { throw new Error('a fault') })", "void Promise.reject(new Error('a fault'))"]) {
    const child = starts(fault)
    const lines: string[] = []
    const output = createInterface(child.stdout).on('line', (line) => lines.push(line))
    const [status] = await Promise.all([once(child, 'exit'), once(output, 'close')])
    t.same(status, [1, null])
    t.match(lines.join(), /"level":60.*a fault/)
  }
})
