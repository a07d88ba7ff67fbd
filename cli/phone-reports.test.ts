import t from 'tap'
import { forgetReports, keepReport } from '../domain/telephony/phone-reports.ts'
import { operator } from './testing/operator.ts'
import { scene } from '../domain/testing/scene.ts'

t.test('an operator lists and reads the reports of one company', async (t) => {
  const olga = await operator(t)
  const [sol, lua] = [await scene(olga.db), await scene(olga.db)]
  t.match(await olga.ramal('phone-report', 'list', sol.slug), { code: 0, out: 'No reports yet.\n' })
  const sentAt = new Date('2026-11-24T15:04:00Z')
  const facts = { line: 'reconnecting', escape: '\u001b[2J' }
  const report = { browser: 'Firefox 145', appVersion: '0.1.0+abc', entries: [{ at: sentAt.getTime() - 1500, kind: 'phone', facts }] }
  t.equal(await keepReport(olga.db, sol.tenantId, sol.ana.agentId, report, sentAt), 'kept')

  t.match(await olga.ramal('phone-report', 'list', sol.slug), {
    code: 0,
    out: /1 +2026-11-24 12:04 +101 Ana Ribeiro +0\.1\.0\+abc +Firefox 145/,
  })
  const shown = await olga.ramal('phone-report', 'show', sol.slug, '1')
  t.match(shown, { code: 0, out: /15:03:58\.500 +phone +line=reconnecting/ })
  t.notMatch(shown.out, '\u001b', 'control characters do not reach the terminal')
  t.match(await olga.json('phone-report', 'show', sol.slug, '1'), { agent_name: 'Ana Ribeiro', entries: [{ facts }] })

  t.match(await olga.ramal('phone-report', 'list', lua.slug), { out: 'No reports yet.\n' })
  t.match(await olga.ramal('phone-report', 'show', lua.slug, '1'), { code: 1, err: /has no report 1/ })
  t.match(await olga.ramal('phone-report', 'show', sol.slug, 'x'), { code: 1, err: /must be a whole number from 1/ })

  await forgetReports(olga.db, new Date('2026-12-23T00:00:00Z'))
  t.equal((await olga.db.selectFrom('phone_reports').select('id').execute()).length, 1)
  await forgetReports(olga.db, new Date('2026-12-25T00:00:00Z'))
  t.equal((await olga.db.selectFrom('phone_reports').select('id').execute()).length, 0)
})
