import t from 'tap'
import { sql } from 'kysely'
import { findImport, stageImport, storeChoice } from '../../domain/contacts/imports/imports.ts'
import { testDatabase } from '../../domain/testing/database.ts'
import { scene, type Scene } from '../../domain/testing/scene.ts'
import { second } from '../../domain/testing/steps.ts'
import { jobContext } from '../testing.ts'
import { contactImports } from './contact-imports.ts'

const db = await testDatabase(t)
const context = await jobContext(t, db)

async function queues({ tenantId, marcia }: Scene, content: string): Promise<number> {
  const id = await stageImport(db, tenantId, { userId: marcia.userId, fileName: 'leads.csv', content }, second(0))
  const choice = { columns: ['name', 'number'] as const, heading: [], separator: ';', assumesAreaCode: false, tag: '' }
  await storeChoice(db, tenantId, id, choice, 'queued')
  return id
}

t.test('an import that always fails ends after three tries, and another company’s import comes in before', async (t) => {
  await sql`create trigger refuses before insert on contacts for each row
    begin if new.name = 'Quebra' then signal sqlstate '45000'; end if; end`.execute(db)
  const [sol, lua] = [await scene(db), await scene(db)]
  const bad = await queues(sol, 'Quebra;(21) 98765-0001')
  const good = await queues(lua, 'Ana;(21) 98765-0001')
  const run = (n: number) => contactImports.run(context.at(second(n)))
  const badNow = () => findImport(db, sol.tenantId, bad)
  await run(1)
  t.match(await findImport(db, lua.tenantId, good), { state: 'done', added: 1 })
  t.match(await badNow(), { state: 'queued', tries: 1 })
  await run(30)
  t.match(await badNow(), { state: 'queued', tries: 1 }, 'it pauses')
  await run(62)
  await run(200)
  t.match(await badNow(), { state: 'failed', tries: 3, content: null, added: 0, finished_at: second(200) })
  await run(999)
  t.match(await badNow(), { state: 'failed', tries: 3 })
})
