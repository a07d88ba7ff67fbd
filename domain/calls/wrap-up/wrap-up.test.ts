import t from 'tap'
import { addDisposition, archiveDisposition, listDispositions } from './dispositions.ts'
import { testDatabase } from '../../testing/database.ts'
import { registers, scene } from '../../testing/scene.ts'
import { clicks, second } from '../../testing/steps.ts'
import { agentViewer, wholeTenant, type Viewer } from '../history/visibility.ts'
import { findWrapUp, saveWrapUp } from './wrap-up.ts'

const db = await testDatabase(t)

t.test('a wrap-up is saved; a change based on an old revision is refused and gets the present one', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  await registers(db, sol.ana, second(0))
  const callId = await clicks(db, sol, sol.ana, second(0))
  const own = agentViewer(sol.tenantId, sol.ana.agentId)
  const [interested] = await listDispositions(db, sol.tenantId)
  const words = { dispositionId: interested?.id ?? 0, note: 'Quer proposta até sexta 🙂', revision: 0 }
  const save = (wrapUp: typeof words, viewer: Viewer = own) => saveWrapUp(db, viewer, callId, wrapUp, sol.ana.userId, second(9))
  t.same(await save(words), { outcome: 'saved', revision: 1 })
  t.same(await save(words), { outcome: 'saved', revision: 1 }, 'a repeated request is saved already')
  t.same(await findWrapUp(db, own, callId), { ...words, revision: 1 })
  t.same(await save({ ...words, note: 'de outra aba' }), { outcome: 'changed-meanwhile', present: { ...words, revision: 1 } })
  t.same(await save({ ...words, note: 'depois de ler', revision: 1 }), { outcome: 'saved', revision: 2 })

  for (const stranger of [wholeTenant(lua.tenantId), agentViewer(sol.tenantId, sol.bruno.agentId)]) {
    t.equal(await findWrapUp(db, stranger, callId), null)
    t.equal(await save({ ...words, revision: 2 }, stranger), null)
  }
  const [theirs] = await listDispositions(db, lua.tenantId)
  await save({ dispositionId: theirs?.id ?? 0, note: 'x', revision: 2 })
  t.match(await findWrapUp(db, own, callId), { dispositionId: null, note: 'x' }, 'a disposition of another company is ignored')
})

t.test('of simultaneous changes one is saved, and the others receive it', async (t) => {
  const sol = await scene(db)
  await registers(db, sol.ana, second(0))
  const callId = await clicks(db, sol, sol.ana, second(0))
  const own = agentViewer(sol.tenantId, sol.ana.agentId)
  const saved = await Promise.all(
    ['uma', 'duas', 'três'].map((note) =>
      saveWrapUp(db, own, callId, { dispositionId: null, note, revision: 0 }, sol.ana.userId, second(1)),
    ),
  )
  t.same(saved.map((each) => each?.outcome).sort(), ['changed-meanwhile', 'changed-meanwhile', 'saved'])
})

t.test('an archived disposition stays on its calls, and adding its label restores it', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const [first] = await listDispositions(db, sol.tenantId)
  if (!first) throw new Error('none')
  t.notOk(await archiveDisposition(db, lua.tenantId, first.id, second(0)), 'another company’s')
  t.ok(await archiveDisposition(db, sol.tenantId, first.id, second(0)))
  t.match((await listDispositions(db, sol.tenantId))[0], { label: 'Interessado', archived_at: second(0) })
  t.equal(await addDisposition(db, sol.tenantId, 'interessado'), 'restored')
  t.equal(await addDisposition(db, sol.tenantId, 'Interessado'), 'known')
  t.equal(await addDisposition(db, sol.tenantId, 'Voltou a comprar'), 'added')
})
