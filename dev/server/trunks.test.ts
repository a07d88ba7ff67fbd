import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runs } from '../../cli/testing/operator.ts'
import { Crowd, hireCrowd, type CrowdAgent } from '../flows/crowd.ts'
import { raiseStage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'
import { selfMadeCertificate } from './edge-files.ts'

const guide = readFileSync(new URL('../../docs/add-a-carrier.md', import.meta.url), 'utf8')
const stage = await raiseStage(t, 'trunks', { browser: false })
const { db, stack } = stage
const { asterisk, carrier } = stack
const port = stack.ports.carrierSip
/** Where the private carrier asks for the account, and where it speaks TLS. */
const [registrar, secured] = ['127.0.0.3', '127.0.0.4'] as const

t.test('a carrier with an account and one over TLS are added as in the guide, without disturbing a call', async (t) => {
  await db.deleteFrom('trunk_rates').execute()
  await db.deleteFrom('trunks').execute()
  const crowds = { 'padaria-sol': await crowdOf('padaria-sol'), 'auto-lima': await crowdOf('auto-lima') }
  carrierSpeaksTls()
  await carrier.cli('core reload')
  appendFileSync(
    join(asterisk.directory, 'etc/local/transports.conf'),
    example('local/transports.conf')
      .replace('0.0.0.0:5061', `127.0.0.1:${stack.ports.sip + 1}`)
      .replace('/etc/ssl/certs/ca-certificates.crt', join(carrier.directory, 'certificate.pem')),
  )
  t.match(await ramal('trunk', 'add', 'all', 'carrier-a', '--priority', '9'), { code: 0 })
  const crowd = await Crowd.gather(stack)
  t.teardown(() => crowd.disband())
  const [first, second] = crowds['padaria-sol']
  const [third] = crowds['auto-lima']
  if (!first || !second || !third) throw new Error('the crowd is too small')
  const before = crowd.dials([{ agent: first, number: '+5511970000001', talkMs: 60_000 }], { perSecond: 1 })
  await until('the first call to be up', async () => (await callTo('+5511970000001'))?.state === 'answered')
  const channel = (await callTo('+5511970000001'))?.channel ?? 'none'

  const trunks = join(asterisk.directory, 'etc/local/trunks.conf')
  const added = [example('[carrier-b](trunk)'), example('[carrier-c](trunk-tls)')]
    .join('\n')
    .replaceAll('sip.carrier-b.example:5060', `${registrar}:${port}`)
    .replaceAll('sip.carrier-c.example:5061', `${secured}:${port}`)
    .replaceAll('sip.carrier-b.example', registrar)
    .replaceAll('sip.carrier-c.example', secured)
  writeFileSync(trunks, readFileSync(trunks, 'utf8').replace(/^\[carrier-b\][^]*/m, added))
  await asterisk.cli('core reload')
  t.match(await ramal('trunk', 'add', 'padaria-sol', 'carrier-b', '--priority', '1'), { code: 0 })
  t.match(await ramal('trunk', 'add', 'auto-lima', 'carrier-c', '--priority', '1'), { code: 0 })
  const check = await until('the carriers to answer', async () => {
    const now = await ramal('check', 'trunks')
    return now.code === 0 && now.out.includes('carrier-b-registration') && now.out.includes('carrier-c answers') && now
  })
  for (const well of ['carrier-a answers', 'carrier-b answers', 'carrier-c answers', 'carrier-b-registration is registered'])
    t.match(check.out, well)

  await stack.fastagi.restart()
  await crowd.dials(
    [
      { agent: second, number: '+5511970000002', talkMs: 1500 },
      { agent: third, number: '+5511970000003', talkMs: 1500 },
    ],
    { perSecond: 5 },
  )
  for (const [number, trunk] of [
    ['+5511970000002', 'carrier-b'],
    ['+5511970000003', 'carrier-c'],
  ] as const) {
    const ended = await until(`the call to ${number} to end`, async () => {
      const call = await callTo(number)
      return call?.state === 'ended' && call
    })
    t.match(ended, { outcome: 'answered', trunk }, `${number} went over ${trunk}`)
  }
  t.match(await asterisk.cli('core show channels concise'), channel, 'the call from before the change continues')
  t.equal((await callTo('+5511970000001'))?.state, 'answered')
  t.match(await carrier.cli('pjsip show contacts'), /551140001000@127\.0\.0\.1/, 'the carrier has the address for calls to our number')
  await carrier.stop()
  await before
})

async function crowdOf(slug: string): Promise<CrowdAgent[]> {
  const tenantId = await stage.tenantId(slug)
  await stage.hasMinutes(6000, slug)
  return hireCrowd(db, tenantId, 2, stack.env.RAMAL_SIP_DOMAIN)
}

async function ramal(...words: string[]) {
  return runs(words, { env: { ...process.env, ...stack.env } })
}

async function callTo(e164: string) {
  return db.selectFrom('calls').selectAll().where('e164', '=', e164).executeTakeFirst()
}

/** The example of the guide that has `mark` in it. */
function example(mark: string): string {
  const found = [...guide.matchAll(/^```ini\n([^`]+)```$/gm)].map(([, text = '']) => text).filter((text) => text.includes(mark))
  if (found.length !== 1) throw new Error(`${found.length} examples have ${mark}`)
  return found[0] ?? ''
}

/** From the address of TLS only: the rest of the carrier is as ever. */
function carrierSpeaksTls(): void {
  const { certificate, key } = selfMadeCertificate(carrier.directory, secured, 'IP')
  appendFileSync(
    join(carrier.directory, 'etc/local/transports.conf'),
    `\n[secured]\ntype = transport\nprotocol = tls\nbind = ${secured}:${port}\nmethod = tlsv1_2\ncert_file = ${certificate}\npriv_key_file = ${key}\n`,
  )
}
