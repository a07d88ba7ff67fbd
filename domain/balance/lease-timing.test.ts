import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { leaseSeconds, silenceMs, tickSeconds } from './lease-timing.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const numbersIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => Number(match[1]))

t.test('the dialplan renews a lease at the interval that the domain counts on', async (t) => {
  t.same(numbersIn(read('dialplan/lead-leg.conf'), /^RAMAL_TICK_SECONDS=(\d+)$/gm), [tickSeconds])
  t.ok(silenceMs > tickSeconds * 1000, 'the worker asks about a call only after it has missed a tick')
})

t.test('Asterisk hangs up a leg without audio before the lease of its call runs out', async (t) => {
  const newestView = readdirSync(new URL('../../migrations', import.meta.url))
    .filter((name) => name.endsWith('.ts') && read(`migrations/${name}`).includes('as rtp_timeout'))
    .sort()
    .at(-1)
  const view = read(`migrations/${newestView}`)
  const trunks = read('pjsip/pjsip.conf')
  const timeouts = {
    trunk: numbersIn(trunks, /^rtp_timeout = (\d+)$/gm),
    trunkOnHold: numbersIn(trunks, /^rtp_timeout_hold = (\d+)$/gm),
    phone: numbersIn(view, /(\d+) as rtp_timeout\b/g),
    browserOnHold: numbersIn(view, /'browser', (\d+), \d+\) as rtp_timeout_hold/g),
  }
  t.same(timeouts, { trunk: [30], trunkOnHold: [50], phone: [30], browserOnHold: [45] })
  // A leg may fall silent just before a tick: its last renewal is then a tick old.
  const leftSeconds = leaseSeconds - tickSeconds
  for (const [leg, seconds] of Object.entries(timeouts)) for (const each of seconds) t.ok(each < leftSeconds, `${leg}: ${each} s`)
})
