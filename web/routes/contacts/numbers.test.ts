import t from 'tap'
import { listContactNumbers } from '../../../domain/contacts/numbers.ts'
import { addDoNotCall, listDoNotCall } from '../../../domain/policy/do-not-call.ts'
import { addLead, registers, scene, type Scene } from '../../../domain/testing/scene.ts'
import { site } from '../../testing/site.ts'

const web = await site(t)
const office = '(11) 3210-0002'
const digits = '551132100002'
const numbers = async ({ tenantId, maria }: Scene) =>
  (await listContactNumbers(web.db, tenantId, maria.id)).map(({ e164, label }) => [e164, label])
const barred = async ({ tenantId }: Scene) => (await listDoNotCall(web.db, tenantId)).map(({ e164 }) => e164).sort()

/** Maria's company, her page, and an agent before it. She has her number, and one at work. */
async function page() {
  const sol = await scene(web.db)
  await registers(web.db, sol.ana)
  const ana = await web.signedIn(sol.ana)
  const path = `/contacts/${sol.maria.id}`
  await ana.post(`${path}/numbers`, { number: office, label: 'Comercial' })
  return { sol, ana, path }
}

t.test('a lead gets a second number: what is wrong with it is said beside it, and nothing that was typed is lost', async (t) => {
  const { sol, ana, path } = await page()
  const shown = (await ana.get(path)).text
  t.match(shown, '(11) 3210-0002 adicionado.')
  t.match(shown, /\(11\) 3210-0002<\/span>\s*<span class="small">Comercial/)
  await addLead(web.db, sol.tenantId, 'Rui Vaz', ['+5511981112222'])
  for (const [number, words] of [
    ['', 'Informe o telefone.'],
    ['11 98765-4321&SIP/x', 'Use só números'],
    ['0900 123 4567', 'Ligações para esse tipo de número estão bloqueadas.'],
    ['1234', 'Faltam ou sobram dígitos.'],
    ['123', 'Faltam ou sobram dígitos.'],
    ['190', 'Ligações para esse tipo de número estão bloqueadas.'],
    ['11 98111-2222', 'Esse telefone já é de Rui Vaz.'],
    ['11 98765-4301', 'Este lead já tem esse telefone.'],
  ] as const) {
    for (const [target, id] of [
      [`${path}/numbers`, 'number'],
      [`${path}/numbers/${digits}`, `number-${digits}`],
    ] as const) {
      const answer = await ana.post(target, { number, label: 'Novo "x"' })
      t.equal(answer.status, 422, `${target} ${number}`)
      t.match(answer.text, words)
      t.match(answer.text, `aria-invalid="true" aria-describedby="${id}-error"`)
      t.ok(answer.text.includes(`value="${number.replace('&', '&amp;')}"`), 'what was typed stays')
      t.match(answer.text, 'value="Novo &#34;x&#34;"')
    }
  }
  t.equal((await ana.post(`${path}/numbers`, { number: '11 3210 0009', label: 'x'.repeat(41) })).status, 400)
  t.same(await numbers(sol), [
    [sol.maria.e164, ''],
    [`+${digits}`, 'Comercial'],
  ])
})

t.test('the form that corrects a number opens below its row, so that no button moves under the pointer', async (t) => {
  const { ana, path } = await page()
  const rows = (await ana.get(path)).text.match(/<li id="number-[\s\S]*?<\/li>/g) ?? []
  t.equal(rows.length, 2)
  for (const row of rows) t.match(row, /Editar\s*<\/summary>\s*<\/details>\s*<form class="form lead-number__form"/)
})

t.test('a number is corrected, removed, put back and made the first', async (t) => {
  const { sol, ana, path } = await page()
  const call = (await ana.post(`${path}/calls`)).headers.get('x-call-id') ?? ''
  await ana.post(`/calls/${call}/wrap-up`, { disposition: '', note: 'Número errado', revision: '0' })
  const mobile = sol.maria.e164.slice(1)
  t.equal((await ana.post(`${path}/numbers/${mobile}`, { number: '(21) 98765-4303', label: 'Celular' })).status, 303)
  const shown = (await ana.get(path)).text
  t.match(shown, '(21) 98765-4303 salvo.')
  t.match(shown, `data-history-of="${sol.maria.id}"`, 'live events refresh the history')
  t.match(shown, 'Número errado', 'the calls under the old number stay on the page')
  await ana.post(`${path}/numbers/${digits}/first-place`)
  t.match((await ana.get(path)).text, '(11) 3210-0002 agora é o telefone principal.')
  const both = [
    [`+${digits}`, 'Comercial'],
    ['+5521987654303', 'Celular'],
  ]
  t.same(await numbers(sol), both)

  await ana.post(`${path}/numbers/${digits}/removal`)
  const removed = (await ana.get(path)).text
  t.match(removed, '(11) 3210-0002 removido.')
  t.match(removed, `action="${path}/numbers/${digits}/restoration"`)
  await ana.post(`${path}/numbers/5521987654303/removal`)
  t.match((await ana.get(path)).text, '(21) 98765-4303 é o único telefone deste lead e não pode ser removido.')
  t.same(await numbers(sol), both.slice(1))
  await ana.post(`${path}/numbers/${digits}/restoration`)
  t.match((await ana.get(path)).text, '(11) 3210-0002 voltou para este lead.')
  t.same(await numbers(sol), both)
  for (const action of ['removal', 'restoration', 'first-place'])
    t.equal((await ana.post(`${path}/numbers/5511999999999/${action}`)).status, 404, action)
})

t.test('a new lead comes with several numbers, or with none of them', async (t) => {
  const { sol, ana } = await page()
  const form = {
    name: 'Bia',
    company: '',
    number: '11 3210-0010',
    label: 'Casa',
    number2: '',
    number3: '(21) 98765-0011',
    label3: 'Celular',
  }
  t.equal((await ana.post('/contacts', { ...form, number3: '11 3210 0010' })).status, 422)
  const taken = await ana.post('/contacts', { ...form, number3: office })
  t.equal(taken.status, 422)
  t.match(taken.text, /aria-describedby="number2-error"[\s\S]*Esse telefone já é de Maria Souza/)
  t.equal((await ana.post('/contacts', form)).status, 303)
  const list = (await ana.get('/contacts?q=0011')).text
  t.match(list, 'Bia', 'found by any of them')
  t.match(list, '(11) 3210-0010')
  t.match(list, '+1')
  t.same(
    (await web.db.selectFrom('contact_numbers').select(['e164', 'label', 'position']).where('tenant_id', '=', sol.tenantId).execute())
      .filter(({ e164 }) => e164.endsWith('0010') || e164.endsWith('0011'))
      .sort((a, b) => a.position - b.position),
    [
      { e164: '+551132100010', label: 'Casa', position: 1 },
      { e164: '+5521987650011', label: 'Celular', position: 2 },
    ],
  )
})

t.test('a click dials the first number that may be called, or the one that was chosen among the lead’s', async (t) => {
  const { sol, ana, path } = await page()
  const called = async (fields = {}) => {
    const answer = await ana.post(`${path}/calls`, fields)
    const { e164 = null } = answer.status === 201 ? await newest(sol) : {}
    await web.db.updateTable('calls').set({ state: 'ended', outcome: 'our-failure', open_agent_id: null }).execute()
    return answer.headers.get('x-refusal') ?? e164
  }
  t.equal(await called(), sol.maria.e164)
  t.equal(await called({ number: `+${digits}` }), `+${digits}`)
  await addLead(web.db, sol.tenantId, 'Rui Vaz', ['+5511981112222'])
  for (const number of ['+5511981112222', '+5511999999999', digits, `+${digits}&PJSIP/x`, 'x'.repeat(300)])
    t.equal(await called({ number }), 'not-their-number', number)
  await addDoNotCall(web.db, sol.tenantId, [sol.maria.e164], { reason: '', author: 'ana' }, new Date())
  t.equal(await called(), `+${digits}`, 'a barred number is passed over')
  t.equal(await called({ number: sol.maria.e164 }), 'do-not-call')
  await addDoNotCall(web.db, sol.tenantId, [`+${digits}`], { reason: '', author: 'ana' }, new Date())
  t.equal(await called(), 'do-not-call')
})

t.test('a click that is refused because of its number offers the other number', async (t) => {
  const { sol, ana, path } = await page()
  await addDoNotCall(web.db, sol.tenantId, [sol.maria.e164], { reason: '', author: 'ana' }, new Date())
  const refused = await ana.post(`${path}/calls`, { number: sol.maria.e164 })
  t.match(refused.text, 'Esse contato pediu para não receber ligações.')
  t.match(refused.text, 'Tentar (11) 3210-0002 (Comercial)')
  t.match(refused.text, `hx-post="${path}/calls"`)
  t.match(refused.text, `hx-vals="{&#34;number&#34;:&#34;+${digits}&#34;}"`)
})

t.test('a number that is restored after the person asked for no calls is barred, also if the others were barred before', async (t) => {
  const { sol, ana, path } = await page()
  await ana.post(`${path}/do-not-call`, { number: sol.maria.e164 })
  await ana.post(`${path}/numbers/${digits}/removal`)
  const bruno = await web.signedIn(sol.bruno)
  await bruno.post(`${path}/do-not-call`, { reason: 'Pediu' })
  await ana.post(`${path}/numbers/${digits}/restoration`)
  t.match((await ana.get(path)).text, '(11) 3210-0002 salvo na lista Não ligar: esta pessoa pediu para não receber ligações.')
  t.same(await barred(sol), [`+${digits}`, sol.maria.e164])
})

t.test('a person who asks for no calls is barred on every number, with one undo for the manager', async (t) => {
  const { sol, path } = await page()
  const marcia = await web.signedIn(sol.marcia)
  const choice = (await marcia.get(`${path}/do-not-call`)).text
  t.match(choice, /A empresa não poderá mais ligar para:<\/legend>[\s\S]*Esta pessoa, em todos os telefones/)
  t.match(choice, /<span class="number">[^·<]*<\/span>\s*· <span class="number">/, 'the numbers wrap one by one')
  await marcia.post(`${path}/do-not-call`, { reason: 'Pediu', number: `+${digits}` })
  t.same(await barred(sol), [`+${digits}`])
  t.match((await marcia.get(path)).text, /\(11\) 3210-0002 não receberá mais ligações\.[\s\S]*action="\/do-not-call\/undo"/)
  t.equal((await marcia.post(`${path}/do-not-call`, { number: '+5511999999999' })).status, 404)
  await marcia.post(`${path}/do-not-call`, { reason: 'Pediu' })
  t.same(await barred(sol), [`+${digits}`, sol.maria.e164])
  t.match((await marcia.get(path)).text, `action="${path}/do-not-call/removal"`)
  await marcia.post(`${path}/numbers`, { number: '11 3210-0007', label: '' })
  t.match((await marcia.get(path)).text, '(11) 3210-0007 salvo na lista Não ligar: esta pessoa pediu para não receber ligações.')
  await marcia.post('/do-not-call/undo')
  t.same(await barred(sol), [`+${digits}`, '+551132100007'], 'what was barred before stays')
  await marcia.post(`${path}/do-not-call`, { reason: 'Pediu' })
  const all = await barred(sol)
  await marcia.post(`${path}/do-not-call/removal`)
  t.same(await barred(sol), [])
  await marcia.post(`${path}/do-not-call/restoration`)
  t.same(await barred(sol), all)
})

t.test('an undo leaves an entry that another person made since, or asked for again; the page says so', async (t) => {
  for (const [locale, words] of [
    ['pt-BR', 'Depois disso houve outro pedido para não ligar, e ele continua valendo.'],
    ['en', 'There has been another request for no calls since then, and it still applies.'],
  ] as const) {
    const { sol, ana, path } = await page()
    const [marcia, elsewhere] = [await web.signedIn(sol.marcia), await web.signedIn(sol.marcia)]
    await marcia.post('/locale', { locale })
    const all = [`+${digits}`, sol.maria.e164]
    await marcia.post(`${path}/do-not-call`)
    await elsewhere.post(`${path}/do-not-call/removal`)
    await ana.post(`${path}/do-not-call`, { reason: 'Pediu' })
    await marcia.post('/do-not-call/undo')
    t.match((await marcia.get(path)).text, words)
    t.same(await barred(sol), all)
    t.match(await listDoNotCall(web.db, sol.tenantId), [{ author: sol.ana.email }, { author: sol.ana.email }])

    await elsewhere.post(`${path}/do-not-call/removal`)
    await marcia.post(`${path}/do-not-call`)
    await ana.post(`${path}/do-not-call`)
    await marcia.post('/do-not-call/undo')
    t.match((await marcia.get(path)).text, words)
    t.same(await barred(sol), all)
  }
})

t.test('a restoration works once, and does not take back a later removal', async (t) => {
  const { sol, ana, path } = await page()
  const marcia = await web.signedIn(sol.marcia)
  const both = await numbers(sol)
  await ana.post(`${path}/numbers/${digits}/removal`)
  for (const click of ['first', 'second']) t.equal((await ana.post(`${path}/numbers/${digits}/restoration`)).status, 303, click)
  t.same(await numbers(sol), both)
  await marcia.post(`${path}/numbers/${digits}/removal`)
  t.equal((await ana.post(`${path}/numbers/${digits}/restoration`)).status, 404)
  t.same(await numbers(sol), both.slice(0, 1))

  const elsewhere = await web.signedIn(sol.marcia)
  await ana.post(`${path}/do-not-call`)
  for (const restoration of [`${path}/do-not-call/restoration`, `/do-not-call/${sol.maria.e164.slice(1)}/restoration`]) {
    await marcia.post(`${path}/do-not-call/removal`)
    for (const click of ['first', 'second']) t.equal((await marcia.post(restoration)).status, 303, click)
    t.same(await barred(sol), [sol.maria.e164])
    await elsewhere.post(`${path}/do-not-call/removal`)
    t.equal((await marcia.post(restoration)).status, 404)
    t.same(await barred(sol), [])
    await ana.post(`${path}/do-not-call`)
  }
})

t.test('an agent bars a person, and cannot undo it', async (t) => {
  const { sol, ana, path } = await page()
  await ana.post(`${path}/do-not-call`)
  t.same(await barred(sol), [`+${digits}`, sol.maria.e164])
  t.notMatch((await ana.get(path)).text, '/do-not-call/undo')
  for (const action of ['/do-not-call/undo', `${path}/do-not-call/removal`, `${path}/do-not-call/restoration`])
    t.equal((await ana.post(action)).status, 404, action)
  t.same(await barred(sol), [`+${digits}`, sol.maria.e164])
})

async function newest({ tenantId }: Scene) {
  return web.db
    .selectFrom('calls')
    .select('e164')
    .where('tenant_id', '=', tenantId)
    .orderBy('requested_at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirstOrThrow()
}
