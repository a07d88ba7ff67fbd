import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fakeAsterisk } from '../../fastagi/testing/fake-asterisk.ts'
import { Visitor } from '../../web/testing/visitor.ts'
import { checkout } from '../setup/cache.ts'
import { raiseStage } from '../flows/stage.ts'
import { until } from '../flows/until.ts'
import { demoPassword } from '../seed.ts'

const stage = await raiseStage(t, 'watching', { site: true, browser: false })
const { stack } = stage
const processes = ['fastagi', 'web', 'worker'] as const
type Process = (typeof processes)[number]

async function asks(name: Process, path: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${stack.ports.metrics[name]}${path}`)
  return { status: answer.status, text: await answer.text() }
}

async function reads(name: Process): Promise<Map<string, number>> {
  const { status, text } = await asks(name, '/metrics')
  if (status !== 200) throw new Error(`${name} answers ${status}: ${text}`)
  return new Map([...text.matchAll(/^([a-z]\S*(?:\{.*\})?) (\S+)$/gm)].map(([, series = '', value]) => [series, Number(value)]))
}

t.test('each process has metrics for a monitor', async (t) => {
  const ana = await stage.agent('ana')
  const run = await fakeAsterisk(stack.ports.agi).runs('authorize', ['', '11987654301'], { channel: `PJSIP/${ana.endpoint}-0000001a` })
  t.equal(run.variables['RAMAL_VERDICT'], 'allowed')
  const fastagi = await reads('fastagi')
  t.equal(fastagi.get('ramal_healthy'), 1)
  t.equal(fastagi.get('ramal_authorize_seconds_count{verdict="allowed"}'), 1)
  t.equal(fastagi.get('ramal_agi_request_seconds_count{script="authorize",result="answered"}'), 1)
  t.ok((fastagi.get('nodejs_eventloop_lag_p99_seconds') ?? 0) > 0)

  const browser = new Visitor(stack.url, {})
  t.equal((await browser.signsIn('ana@padaria-sol.example', 'wrong')).status, 422)
  t.equal((await browser.signsIn('ana@padaria-sol.example', demoPassword)).status, 303)
  const { id } = await stage.db.selectFrom('contacts').select('id').where('tenant_id', '=', ana.tenant_id).executeTakeFirstOrThrow()
  t.equal((await browser.post(`/contacts/${id}/calls`)).status, 409)
  const leaves = new AbortController()
  await browser.open('/live', { accept: 'text/event-stream' }, leaves.signal)
  const web = await reads('web')
  leaves.abort()
  t.equal(web.get('ramal_sign_ins_total{result="wrong"}'), 1)
  t.equal(web.get('ramal_sign_ins_total{result="ok"}'), 1)
  t.equal(web.get('ramal_clicks_total{outcome="phone-offline"}'), 1)
  t.equal(web.get('ramal_http_request_seconds_count{method="POST",route="/contacts/:id/calls",status="409"}'), 1)
  t.equal(web.get('ramal_live_pages'), 1)

  mkdirSync(stack.env.RAMAL_BACKUP_STATE_DIR)
  const finishedAt = new Date(Date.now() - 7200_000).toISOString()
  writeFileSync(join(stack.env.RAMAL_BACKUP_STATE_DIR, 'last-good.json'), JSON.stringify({ finishedAt }))
  mkdirSync(stack.env.RAMAL_WATCH_STATE_DIR)
  writeFileSync(join(stack.env.RAMAL_WATCH_STATE_DIR, 'hangs'), '2026-11-20T09:00:00Z\n2026-11-24T10:30:00Z\n')
  const worker = await reads('worker')
  t.equal(worker.get('ramal_asterisk_hangs'), 2)
  t.equal(worker.get('ramal_talks_without_events'), 0)
  t.equal(worker.get('ramal_calls{state="authorized"}'), 1)
  t.equal(worker.get('ramal_leases'), 1)
  t.equal(worker.get('ramal_leases_overdue'), 0)
  t.equal(worker.get('ramal_recordings_waiting'), 0)
  t.equal(worker.get('ramal_registered_phones'), 0)
  t.ok((worker.get('ramal_backup_age_seconds') ?? 0) >= 7200)
  t.ok((worker.get(`ramal_disk_free_bytes{directory="${stack.env.RAMAL_STORAGE_DIR}"}`) ?? 0) > 0)
  t.ok((worker.get('ramal_job_runs_total{job="overdue leases",result="ok"}') ?? 0) > 0)
  for (const name of processes) t.same(await asks(name, '/health'), { status: 200, text: '{"ok":true}' })
})

t.test('every metric of the alerts and the dashboard exists', async (t) => {
  // Asterisk tells of registrations only where there is one.
  const registration = `\n[carrier-a-registration]\ntype = registration\ntransport = transport-udp\nserver_uri = sip:127.0.0.2:${stack.ports.carrierSip}\nclient_uri = sip:ramal@127.0.0.2\n`
  appendFileSync(join(stack.asterisk.directory, 'etc/local/trunks.conf'), registration)
  await stack.asterisk.cli('core reload')
  const figures = async () => (await fetch(`http://127.0.0.1:${stack.ports.webSocket}/metrics`)).text()
  const asterisk = await until('Asterisk to tell of it', async () => {
    const text = await figures()
    return /^asterisk_pjsip_outbound_registration_status\{.*username=/m.test(text) && text
  })
  t.match(asterisk, /^asterisk_endpoints_state\{.*tech="PJSIP",resource="carrier-a"\} [12]$/m)
  const texts = [asterisk, ...(await Promise.all(processes.map((name) => asks(name, '/metrics')))).map(({ text }) => text)]
  const exported = new Set(texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name)))
  for (const file of ['prometheus/ramal.rules.yml', 'grafana/ramal.json']) {
    const asked = readFileSync(join(checkout, 'systemd', file), 'utf8').matchAll(/\b(?:ramal|asterisk|nodejs|process)_[a-z0-9_]+/g)
    const names = new Set([...asked].map(([name]) => name.replace(/_(bucket|count|sum)$/, (part) => (exported.has(name) ? part : ''))))
    t.ok(names.size > 10)
    for (const name of names) t.ok(exported.has(name), `${file}: ${name}`)
  }
})

t.test('without the database the processes report unhealthy, and still serve metrics', async (t) => {
  await stack.mariadb.stop()
  for (const name of processes) {
    const { status, text } = await asks(name, '/health')
    t.same([status, JSON.parse(text)], [503, { ok: false, reason: 'the database does not answer' }], name)
    t.equal((await reads(name)).get('ramal_healthy'), 0)
  }
  await stack.mariadb.start()
  await until('all to work again', async () =>
    (await Promise.all(processes.map((name) => asks(name, '/health')))).every((a) => a.status === 200),
  )
})
