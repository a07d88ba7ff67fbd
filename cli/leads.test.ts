import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { operator, runs } from './testing/operator.ts'
import { recorded } from '../domain/testing/recorded.ts'
import { scene } from '../domain/testing/scene.ts'
import { asks, second } from '../domain/testing/steps.ts'

const olga = await operator(t)
const storageDir = mkdtempSync(join(tmpdir(), 'ramal-leads-'))
t.teardown(() => rmSync(storageDir, { recursive: true }))
const env = { USER: 'olga', RAMAL_DATABASE_URL: olga.databaseUrl, RAMAL_STORAGE_DIR: storageDir }
const lead = (...args: string[]) => runs(['lead', ...args], { env })

t.test('the data of a lead is exported, and deleted after a confirmation', async (t) => {
  const sol = await scene(olga.db)
  const { callId, path } = await recorded(olga.db, storageDir, sol)
  const recording = join(storageDir, path)
  const exported = await lead('export', sol.slug, '(11) 98765-4301')
  t.equal(exported.code, 0)
  t.match(JSON.parse(exported.out), { contacts: [{ name: 'Maria Souza' }], calls: [{ id: callId, recording: 'ready' }] })

  const unconfirmed = /All data that .* keeps about \(11\) 98765-4301 is deleted.*Nothing has changed.*--yes/
  t.match(await lead('forget', sol.slug, '11987654301'), { code: 1, out: '', err: unconfirmed })
  t.ok(existsSync(recording), 'without a confirmation nothing is deleted')
  const { code, out } = await lead('forget', sol.slug, '11987654301', '--yes')
  t.equal(code, 0)
  t.match(out, /recordings +1\n.*contacts +1/s)
  t.notOk(existsSync(recording))
})

t.test('a call in progress or a wrong number changes nothing', async (t) => {
  const sol = await scene(olga.db)
  await asks(olga.db, sol.ana, '', second(100), '11987654301')
  t.match(await lead('forget', sol.slug, '11987654301', '--yes'), { code: 1, err: /is in progress.*try again later/ })
  t.match(await olga.json('lead', 'export', sol.slug, '11987654301'), { contacts: [{ name: 'Maria Souza' }] })
  t.match(await lead('forget', sol.slug, '12', '--yes'), { code: 1, err: /"12" is not a phone number/ })
})
