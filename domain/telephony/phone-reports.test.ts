import t from 'tap'
import { testDatabase } from '../testing/database.ts'
import { scene } from '../testing/scene.ts'
import { second } from '../testing/steps.ts'
import { findReport, forgetReports, keepReport, listReports } from './phone-reports.ts'

const db = await testDatabase(t)
const report = { browser: 'Firefox 145', appVersion: '0.1.0+abc', entries: [{ at: 1, kind: 'phone', facts: { line: 'reconnecting' } }] }
const hour = 3600

t.test('an agent sends five reports an hour, and a colleague five more', async (t) => {
  const { tenantId, ana, bruno } = await scene(db)
  const sends = (agentId: number, at: number) => keepReport(db, tenantId, agentId, report, second(at))
  for (let n = 0; n < 5; n++) t.equal(await sends(ana.agentId, n), 'kept')
  t.equal(await sends(ana.agentId, 5), 'enough')
  t.equal(await sends(bruno.agentId, 5), 'kept')
  t.equal(await sends(ana.agentId, hour), 'kept', 'the first one is an hour old')
  t.equal(await sends(ana.agentId, hour), 'enough')
  t.equal((await listReports(db, tenantId)).length, 7)
})

t.test('the reports of a company are listed newest first, and another company finds none', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  await keepReport(db, sol.tenantId, sol.ana.agentId, { ...report, browser: 'x'.repeat(1000) }, second(0))
  await keepReport(db, sol.tenantId, sol.bruno.agentId, report, second(1))
  const listed = await listReports(db, sol.tenantId)
  t.match(listed, [
    { agent_name: 'Bruno Castro', extension: '102', browser: 'Firefox 145', app_version: '0.1.0+abc', sent_at: second(1) },
    { agent_name: 'Ana Ribeiro', browser: /^x{255}$/ },
  ])
  const id = listed[0]?.id ?? 0
  t.match(await findReport(db, sol.tenantId, id), { id, entries: report.entries })
  t.same(await listReports(db, lua.tenantId), [])
  t.equal(await findReport(db, lua.tenantId, id), null)
})

t.test('a report is kept for thirty days', async (t) => {
  const { tenantId, ana } = await scene(db)
  await keepReport(db, tenantId, ana.agentId, report, second(0))
  await forgetReports(db, second(30 * 24 * hour))
  t.equal((await listReports(db, tenantId)).length, 1)
  await forgetReports(db, second(30 * 24 * hour + 1))
  t.same(await listReports(db, tenantId), [])
})
