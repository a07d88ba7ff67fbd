import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { markAnswered } from '../../../domain/calls/outgoing/answer.ts'
import { answerTransfer, beginTransfer, ringNextPhone } from '../../../domain/calls/transfers/transfer-steps.ts'
import { callsIn, picksUp } from '../../../domain/testing/incoming.ts'
import { registers, scene, type Scene } from '../../../domain/testing/scene.ts'
import { clicks, talks } from '../../testing/calls.ts'
import { listens } from '../../testing/event-stream.ts'
import { site } from '../../testing/site.ts'
import { momentAt } from '../../../domain/testing/clock.ts'

const web = await site(t)
const { db } = web
const outgoing = join(web.config.spoolDir, 'outgoing')
const leadLeg = { channel: 'PJSIP/carrier-a-0000001b', uniqueId: '1.2' }

/** Ana talks with Maria, and Bruno's phone is on. */
async function talk(sol: Scene): Promise<string> {
  await registers(db, sol.bruno)
  const id = await clicks(db, sol, sol.ana)
  await talks(db, sol.ana, id, 'authorized')
  await markAnswered(db, id, 'carrier-a', momentAt(new Date()), { leadLeg })
  return id
}

/** What Asterisk does then, up to the ringing of Bruno's phone. */
async function rings(id: string): Promise<void> {
  await beginTransfer(db, id, momentAt(new Date()))
  await ringNextPhone(db, id, momentAt(new Date()))
}

t.test('Ana chooses Bruno: a call file names the lead’s leg and the call, and nothing that anybody typed', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  const ana = await web.signedIn(sol.ana)
  const form = await ana.get(`/calls/${id}/transfers/new`)
  t.equal(form.status, 200)
  t.match(form.text, /Bruno Castro<\/span>\s*<span class="small">Livre/)
  t.match(form.text, 'Maria Souza fica em espera até seu colega atender')
  await ana.get('/contacts')
  const answer = await ana.post(`/calls/${id}/transfers`, { to: String(sol.bruno.agentId) })
  t.equal(answer.status, 201)
  t.match(answer.text, 'Transferindo para Bruno Castro…')
  t.equal(
    await readFile(join(outgoing, `${id}.transfer.call`), 'utf8'),
    `Channel: Local/transfer@control\nMaxRetries: 0\nApplication: NoOp\nSetvar: RAMAL_CALL=${id}\nSetvar: RAMAL_CHANNEL=${leadLeg.channel}\nSetvar: RAMAL_UNIQUE_ID=1.2\n`,
  )
  const again = await ana.post(`/calls/${id}/transfers`, { to: String(sol.bruno.agentId) })
  t.equal(again.status, 409)
  t.match(again.text, 'Esta ligação já está sendo transferida.')
})

t.test('a colleague who cannot take a call is shown locked, with the reason', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  await clicks(db, sol, sol.bruno)
  const ana = await web.signedIn(sol.ana)
  const form = await ana.get(`/calls/${id}/transfers/new`)
  t.match(form.text, /disabled>\s*<span>Bruno Castro<\/span>\s*<span class="small">Em ligação/)
  t.match(form.text, 'Nenhum colega está livre agora.')
  t.notMatch(form.text, 'value="blind"')
  await ana.get('/contacts')
  const refused = await ana.post(`/calls/${id}/transfers`, { to: String(sol.bruno.agentId) })
  t.equal(refused.status, 409)
  t.match(refused.text, 'Esse colega acabou de entrar em outra ligação.')
  await db.deleteFrom('ps_contacts').where('endpoint', '=', sol.bruno.endpoint).execute()
  t.match((await ana.get(`/calls/${id}/transfers/new`)).text, 'Telefone desligado')
})

t.test('only the agent of a call transfers it, to a colleague, from a page of this site', async (t) => {
  const [sol, lua] = [await scene(db), await scene(db)]
  const id = await talk(sol)
  const [ana, bruno, marcia, stranger] = [
    await web.signedIn(sol.ana),
    await web.signedIn(sol.bruno),
    await web.signedIn(sol.marcia),
    await web.signedIn(lua.ana),
  ]
  const to = String(sol.bruno.agentId)
  for (const visitor of [bruno, marcia, stranger]) {
    await visitor.get('/calls')
    t.equal((await visitor.get(`/calls/${id}/transfers/new`)).status, 404)
    t.equal((await visitor.post(`/calls/${id}/transfers`, { to })).status, 404)
    t.equal((await visitor.get(`/calls/${id}/card`)).status, 404)
  }
  await ana.get('/contacts')
  for (const invalid of [String(lua.bruno.agentId), String(sol.ana.agentId), '', '1 or 1=1', '999999'])
    t.equal((await ana.post(`/calls/${id}/transfers`, { to: invalid })).status, 404, invalid)
  t.equal((await ana.post(`/calls/${id}/transfers`, { to }, { 'x-csrf-token': 'forged' })).status, 403)
  t.equal((await db.selectFrom('transfers').select('id').where('call_id', '=', id).execute()).length, 0)
})

t.test('Bruno’s phone shows the lead and the colleague who transfers the call; then both pages show the transfer', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  const [ana, bruno] = [await web.signedIn(sol.ana), await web.signedIn(sol.bruno)]
  const [hearsAna, hearsBruno] = [await listens(t, ana), await listens(t, bruno)]
  await ana.get('/contacts')
  await ana.post(`/calls/${id}/transfers`, { to: String(sol.bruno.agentId) })
  t.equal((await bruno.get(`/calls/${id}/card`)).status, 404, 'nothing rings yet')
  await rings(id)
  const offer = await bruno.get(`/calls/${id}/card`)
  t.match(offer.text, 'Maria Souza')
  t.match(offer.text, 'Ana Ribeiro está transferindo esta ligação para você')
  t.equal((await bruno.get(`/calls/${id}`)).status, 404, 'Bruno does not have the call yet')
  const moved = await hearsAna.hears(({ event, data }) => event === 'current' && data['kind'] === 'transferring')
  t.equal(moved.data['state'], 'transferred', 'Ana’s phone is free')
  t.match(moved.data['html'], 'Transferindo para Bruno Castro…')
  t.notMatch(moved.data['html'], 'data-open')
  t.notMatch((await ana.get('/contacts')).text, `data-current-call="${id}"`, 'a page that she opens now shows no call')

  await answerTransfer(db, id, sol.bruno.endpoint, momentAt(new Date()))
  const taken = await hearsBruno.hears(({ event, data }) => event === 'current' && data['kind'] === 'transferred')
  t.equal(taken.data['state'], 'answered')
  t.match(taken.data['html'], 'Em ligação')
  t.match((await bruno.get('/contacts')).text, `data-current-call="${id}"`)
  t.match(
    (await hearsAna.hears(({ event, data }) => event === 'current' && data['kind'] === 'transferred')).data['html'],
    'Em ligação com Bruno Castro',
  )
  await talks(db, sol.ana, id, 'authorized')
  for (const visitor of [ana, bruno, await web.signedIn(sol.marcia)]) {
    const page = await visitor.get(`/calls/${id}`)
    t.equal(page.status, 200)
    t.match(page.text, /Ana Ribeiro, de 00:00 a 00:0\d[^]*o lead esperou \d s[^]*Bruno Castro, desde 00:0\d/)
  }
})

t.test('if the transfer cannot reach Asterisk, the agent sees a message and the colleague is free', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  const ana = await web.signedIn(sol.ana)
  await ana.get('/contacts')
  const staging = join(web.config.spoolDir, 'tmp')
  await rm(staging, { recursive: true })
  const answer = await ana.post(`/calls/${id}/transfers`, { to: String(sol.bruno.agentId) })
  await mkdir(staging)
  t.equal(answer.status, 500)
  t.match(answer.text, 'Você continua na ligação.')
  t.equal((await ana.post(`/calls/${id}/transfers`, { to: String(sol.bruno.agentId) })).status, 201, 'and may try again')
})

t.test('Ana asks Bruno first, and completes it when they have talked', async (t) => {
  const sol = await scene(db)
  const id = await talk(sol)
  const [ana, bruno, stranger] = [await web.signedIn(sol.ana), await web.signedIn(sol.bruno), await web.signedIn((await scene(db)).ana)]
  const hearsAna = await listens(t, ana)
  t.match((await ana.get(`/calls/${id}/transfers/new`)).text, 'Consultar antes')
  for (const visitor of [ana, bruno, stranger]) await visitor.get('/contacts')
  t.equal((await ana.post(`/calls/${id}/transfers`, { to: String(sol.bruno.agentId), kind: 'attended' })).status, 201)
  await beginTransfer(db, id, momentAt(new Date()))
  const asking = await hearsAna.hears(({ event, data }) => event === 'current' && data['kind'] === 'transferring')
  t.match(asking.data, { state: 'answered', consultation: 'consulting' }, 'her phone is still in the call')
  t.match(asking.data['html'], 'Chamando Bruno Castro. O lead está em espera.')
  const offer = await bruno.get(`/calls/${id}/card`)
  t.equal(offer.headers.get('x-consults'), 'yes')
  t.match(offer.text, 'Ana Ribeiro quer falar com você sobre este lead.')
  const completes = async (visitor: typeof ana) => (await visitor.post(`/calls/${id}/transfers/completion`)).status
  t.equal(await completes(ana), 409, 'no answer yet')
  await answerTransfer(db, id, sol.bruno.endpoint, momentAt(new Date()))
  t.match((await hearsAna.hears(({ data }) => data['consultation'] === 'consulted')).data['html'], 'Falando com Bruno Castro.')
  for (const visitor of [bruno, stranger]) t.equal(await completes(visitor), 404)
  t.equal(await completes(ana), 204)
  await hearsAna.hears(({ event, data }) => event === 'current' && data['state'] === 'transferred')
})

t.test('an incoming call has no transfer button, and a transfer request is refused with a sentence', async (t) => {
  const sol = await scene(db)
  for (const agent of [sol.ana, sol.bruno]) await registers(db, agent)
  const { callId } = await callsIn(db, sol, new Date())
  t.ok(await picksUp(db, sol.ana, callId, new Date()))
  const ana = await web.signedIn(sol.ana)
  t.match(
    (await ana.get('/contacts')).text,
    /data-current-call="[0-9a-f]{32}"[^>]* data-incoming/,
    'the style hides the button by this attribute',
  )
  const answers = [
    await ana.get(`/calls/${callId}/transfers/new`),
    await ana.post(`/calls/${callId}/transfers`, { to: String(sol.bruno.agentId) }),
    await ana.post(`/calls/${callId}/transfers`, { to: String(sol.bruno.agentId), kind: 'attended' }),
  ]
  for (const { status, text } of answers) {
    t.equal(status, 409)
    t.match(text, 'Ligações recebidas não podem ser transferidas.')
    t.notMatch(text, 'name="to"')
  }
})
