/**
 * `npm run bench:flood`: another company's calls while one desk phone floods Asterisk with a closed number: 150 dials at once, each
 * again a second after its answer. Clicks through the real browser, site, Asterisk and carrier, in turn quiet and during the flood;
 * medians. It also prints the processor time of the flooding phone and of the other processes on the machine.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openDatabase } from '../../domain/database/pool.ts'
import { issueDeskCredential } from '../../domain/telephony/sip-credentials.ts'
import { openBrowser, Stage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'
import { readCallTimes, recordCallTimes } from '../flows/call-times.ts'
import { seedDemo } from '../seed.ts'
import { checkout } from '../setup/cache.ts'
import { installHostPrograms } from '../setup/packages.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack } from '../stack/stack.ts'
import { median } from './median.ts'
import { processorMs } from './process-cost.ts'

const [rounds, callsPerRound] = [3, 5]
const dialsAtOnce = 150
const progress = terminalProgress()
await installHostPrograms(['chromium', 'sipp'], progress)
const stack = await startStack({ name: 'bench', fresh: true, temporary: true, seed: (env) => seedDemo(env.RAMAL_DATABASE_URL), progress })
const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
const browser = await openBrowser()
const endings: (() => unknown)[] = [() => stack.stop(), () => db.destroy(), () => browser.close()]
try {
  const stage = new Stage(stack, db, browser)
  const diego = await stage.signsIn('diego', 'auto-lima')
  await recordCallTimes(diego.page)
  await diego.turnsPhoneOn()
  const { id, tenant_id } = await stage.agent('bruno', 'padaria-sol')
  const desk = await issueDeskCredential(db, tenant_id, id, stack.env.RAMAL_SIP_DOMAIN)

  const clicks = ['click to ringing browser', 'click to its answer', "click to the lead's INVITE", 'click to sound both ways'] as const
  type Times = Record<(typeof clicks)[number], number>
  const call = async (): Promise<Times> => {
    const before = stack.carrier.invites().length
    const callId = await diego.clicks('Igor Teles')
    await stage.callIs(callId, ['answered'])
    const times = await readCallTimes(diego.page)
    const invite = await until('the carrier to note the INVITE', () => stack.carrier.invites()[before])
    await diego.hangsUp()
    await stage.callIs(callId, ['ended'])
    return {
      'click to ringing browser': times.invite - times.click,
      'click to its answer': times.answer - times.click,
      "click to the lead's INVITE": invite.at.getTime() - times.click,
      'click to sound both ways': times.sound - times.click,
    }
  }
  const calls = async (): Promise<Times[]> => {
    const times: Times[] = []
    for (let n = 0; n < callsPerRound; n++) times.push(await call())
    return times
  }

  const flood = () => {
    const sipp = spawn(
      'sipp',
      [
        ...['-sf', join(checkout, 'dev/flows/sipp/flooding-phone.xml'), '-nostdin', '-s', '0900123456', '-key', 'endpoint', desk.endpoint],
        ...['-au', desk.endpoint, '-ap', desk.password, '-r', '1000', '-l', String(dialsAtOnce), '-m', '1000000', '-recv_timeout', '30000'],
        ...['-i', '127.0.0.9', `127.0.0.1:${stack.ports.sip}`],
      ],
      { cwd: stack.asterisk.directory, stdio: 'ignore' },
    )
    endings.push(() => sipp.kill('SIGKILL'))
    return sipp
  }
  const dials = async () => Number(/(\d+) calls processed/.exec(await stack.asterisk.cli('core show calls'))?.[1])
  const noCalls = async () => (await stack.asterisk.cli('core show calls')).startsWith('0 active calls')

  await call()
  const [quiet, flooded]: [Times[], Times[]] = [[], []]
  const spentMs = new Map<string, number>()
  let [floodMs, dialled] = [0, 0]
  for (let round = 1; round <= rounds; round++) {
    progress.step(`round ${round} of ${rounds}`)
    quiet.push(...(await calls()))
    const sipp = flood()
    // The first dials hear a prompt, until the phone has used up its refusals per minute.
    await wait(3000)
    const parts = Object.entries({
      'the flooder (SIPp)': sipp.pid,
      Asterisk: stack.asterisk.pid,
      fastagi: stack.fastagi.pid,
      MariaDB: stack.mariadb.pid,
    })
    const [before, dialledBefore, from] = [parts.map(([, pid]) => processorMs(pid)), await dials(), performance.now()]
    flooded.push(...(await calls()))
    floodMs += performance.now() - from
    dialled += (await dials()) - dialledBefore - callsPerRound
    for (const [n, [part, pid]] of parts.entries()) spentMs.set(part, (spentMs.get(part) ?? 0) + processorMs(pid) - (before[n] ?? 0))
    sipp.kill('SIGKILL')
    await once(sipp, 'exit')
    await until('the flood to be over', noCalls, 60_000)
  }
  progress.note(`${quiet.length} calls quiet, ${flooded.length} in the flood`)
  for (const what of clicks) {
    const [base, ms] = [median(quiet.map((times) => times[what])), median(flooded.map((times) => times[what]))]
    const slowest = Math.max(...flooded.map((times) => times[what]))
    console.log(
      `${what.padEnd(28)} ${base.toFixed(0).padStart(6)} ms quiet ${ms.toFixed(0).padStart(6)} ms in the flood   ${(ms / base).toFixed(2)} times   (slowest ${slowest.toFixed(0)} ms)`,
    )
  }
  console.log(`${'dials of the flood'.padEnd(28)} ${((dialled * 1000) / floodMs).toFixed(0).padStart(6)} a second`)
  for (const [part, ms] of spentMs) console.log(`${part.padEnd(28)} ${((100 * ms) / floodMs).toFixed(0).padStart(6)} % of a core`)
} finally {
  for (const ending of endings.reverse()) await ending()
}
