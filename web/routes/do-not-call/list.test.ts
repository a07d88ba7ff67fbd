import t from 'tap'
import { addDoNotCall } from '../../../domain/policy/do-not-call.ts'
import { registers, scene } from '../../../domain/testing/scene.ts'
import { clicks, talks } from '../../testing/calls.ts'
import { site } from '../../testing/site.ts'

const web = await site(t)

async function listed(tenantId: number) {
  return web.db.selectFrom('do_not_call').selectAll().where('tenant_id', '=', tenantId).orderBy('e164').execute()
}

t.test('a manager adds a number in any spelling, with a reason; an error stands beside its field', async (t) => {
  const { tenantId, marcia } = await scene(web.db)
  const browser = await web.signedIn(marcia)
  t.match((await browser.get('/do-not-call')).text, 'Nenhum número na lista')
  const wrong = await browser.post('/do-not-call', { number: '(23) 98888-7777', reason: 'Pediu' })
  t.equal(wrong.status, 422)
  t.match(wrong.text, 'Esse DDD não existe.')
  t.match(wrong.text, /value="\(23\) 98888-7777"[^>]*aria-invalid="true" aria-describedby="number-error"/)
  t.match(wrong.text, 'value="Pediu"')
  t.match((await browser.post('/do-not-call', { number: '190', reason: '' })).text, 'Este é um número de serviço')
  t.match(
    (await browser.post('/do-not-call', { number: '11987650011', reason: 'x'.repeat(201) })).text,
    'Use no máximo 200 caracteres no motivo.',
  )
  t.same(await listed(tenantId), [])

  const right = await browser.post('/do-not-call', { number: '011 8765-0011', reason: ' Pediu  por e-mail ' })
  t.equal(right.status, 303)
  const { text } = await browser.get('/do-not-call')
  t.match(text, '(11) 98765-0011 não receberá mais ligações.')
  t.match(text, 'Pediu por e-mail')
  t.match(text, marcia.email)
  await browser.post('/do-not-call', { number: '+55 11 98765-0011', reason: 'de novo' })
  t.match((await browser.get('/do-not-call')).text, '(11) 98765-0011 já estava na lista.')
  t.match(await listed(tenantId), [{ e164: '+5511987650011', reason: 'Pediu por e-mail', author: marcia.email }])
})

t.test('the list shows fifty at a time, newest first, each once, and is searched by number, lead and reason', async (t) => {
  const { tenantId, marcia, maria } = await scene(web.db)
  const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, second))
  const numbers = Array.from({ length: 120 }, (_, n) => `+551198700${String(n).padStart(4, '0')}`)
  await addDoNotCall(web.db, tenantId, numbers, { reason: 'da planilha', author: 'import' }, at(0))
  await addDoNotCall(web.db, tenantId, [maria.e164], { reason: '100% certa', author: 'ana' }, at(1))
  const browser = await web.signedIn(marcia)
  const first = await browser.get('/do-not-call')
  const seen = numbersIn(first.text)
  t.equal(seen[0], maria.e164)
  let next = nextIn(first.text)
  for (const expected of [50, 21]) {
    const more = await browser.fragment(next ?? '', 'li#more-numbers')
    t.match(more.text, /^\s*<li id="number-/)
    t.equal(numbersIn(more.text).length, expected)
    seen.push(...numbersIn(more.text))
    next = nextIn(more.text)
  }
  t.equal(next, undefined)
  t.equal(new Set(seen).size, 121)

  for (const [q, found] of [
    ['98765-43', 1],
    ['souza', 1],
    ['100%', 1],
    ['98700-0119', 1],
    ['%', 1],
    ['planilha', 50],
  ] as const) {
    const rows = await browser.fragment(`/do-not-call?q=${encodeURIComponent(q)}`, 'div#numbers')
    t.equal(numbersIn(rows.text).length, found, q)
    if (found === 50) t.match(nextIn(rows.text), 'q=planilha')
  }
  t.match((await browser.get('/do-not-call?q=zzz')).text, 'Nada encontrado para “zzz”')
})

t.test('a removal can be undone, in its row and without JavaScript', async (t) => {
  const { tenantId, marcia } = await scene(web.db)
  const noted = new Date('2026-01-02T03:04:05Z')
  await addDoNotCall(web.db, tenantId, ['+5511987650011'], { reason: 'Pediu', author: 'ana@sol.example' }, noted)
  const browser = await web.signedIn(marcia)
  const asHtmx = { 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Target': 'li#number-5511987650011' }
  await browser.get('/do-not-call')
  const removed = await browser.post('/do-not-call/5511987650011/removal', {}, asHtmx)
  t.match(removed.text, /^\s*<li id="number-5511987650011"/)
  t.match(removed.text, '(11) 98765-0011 saiu da lista e pode receber ligações.')
  t.match(removed.text, 'action="/do-not-call/5511987650011/restoration"')
  t.same(await listed(tenantId), [])
  const restored = await browser.post('/do-not-call/5511987650011/restoration', {}, asHtmx)
  t.match(restored.text, 'Pediu')
  t.match(await listed(tenantId), [{ reason: 'Pediu', author: 'ana@sol.example', created_at: noted }])

  const plain = await browser.post('/do-not-call/5511987650011/removal', {}, { Referer: `${web.origin}/do-not-call?q=98` })
  t.equal(plain.headers.get('location'), '/do-not-call?q=98')
  const page = await browser.get('/do-not-call')
  t.match(page.text, /<div class="notice.*action="\/do-not-call\/5511987650011\/restoration"/s)
  await browser.post('/do-not-call/5511987650011/restoration', {}, { Referer: `${web.origin}/do-not-call` })
  t.match((await browser.get('/do-not-call')).text, '(11) 98765-0011 voltou para a lista.')
  t.match(await listed(tenantId), [{ reason: 'Pediu', created_at: noted }])
  t.equal((await browser.post('/do-not-call/5511999999999/removal')).status, 404)
  t.equal((await browser.post('/do-not-call/5511999999999/restoration')).status, 404, 'there is nothing to restore')
})

t.test('a pasted list: the page counts new and known numbers, and shows every invalid line with its number', async (t) => {
  const { tenantId, marcia } = await scene(web.db)
  await addDoNotCall(web.db, tenantId, ['+5511987650001'], { reason: '', author: 'ana' }, new Date())
  const browser = await web.signedIn(marcia)
  await browser.get('/do-not-call/imports')
  const numbers = '(11) 98765-0001\r\n\r\n11987650002\r\n+55 11 98765-0002\r\nMaria <b>\r\n1198765\r\n98765-0003 / 98765-0004'
  const answer = await browser.sends('/do-not-call/imports', { numbers, reason: 'Lista antiga' })
  t.equal(answer.status, 200)
  for (const words of ['Números novos na lista: 3', 'Já estavam na lista: 1', 'Repetidos: 1', 'Linhas sem telefone válido: 2'])
    t.match(answer.text, words)
  t.match(answer.text, /number">5<\/td>\s*<td>Maria &lt;b&gt;<\/td>\s*<td class="error">Use só números/)
  t.match(answer.text, /number">6<\/td>\s*<td>1198765<\/td>\s*<td class="error">Faltam ou sobram dígitos/)
  t.match(answer.text, />\nMaria &lt;b&gt;\n1198765<\/textarea>/, 'the form contains the wrong lines')
  t.match(answer.text, 'value="Lista antiga"')
  t.match(
    (await listed(tenantId)).map(({ e164, reason }) => [e164, reason]),
    [
      ['+5511987650001', ''],
      ['+5511987650002', 'Lista antiga'],
      ['+5511987650003', 'Lista antiga'],
      ['+5511987650004', 'Lista antiga'],
    ],
  )
})

t.test('a long CSV is imported; a workbook, nothing, both inputs and too many lines show an error', async (t) => {
  const { tenantId, marcia } = await scene(web.db)
  const browser = await web.signedIn(marcia)
  await browser.get('/do-not-call/imports')
  const rows = Array.from(
    { length: 2500 },
    (_, n) => `"(11) 98${String(n % 1000).padStart(3, '0')}-${String(n).padStart(4, '0')}";Pessoa ${n}`,
  )
  const csv = new File([`\uFEFFTelefone;Nome\r\n${rows.join('\r\n')}\r\n`], 'lista.csv', { type: 'text/csv' })
  const answer = await browser.sends('/do-not-call/imports', { numbers: '', file: csv, reason: '' })
  t.match(answer.text, 'Números novos na lista: 2.500')
  t.notMatch(answer.text, 'Linhas sem telefone válido')
  t.equal((await listed(tenantId)).length, 2500)
  const utf16 = new File([Buffer.from('\uFEFFTelefone\r\n(21) 98765-0001\r\n', 'utf16le')], 'lista.txt')
  t.match((await browser.sends('/do-not-call/imports', { file: utf16 })).text, 'Números novos na lista: 1')

  for (const [fields, words] of [
    [{ numbers: ' ', file: new File([], '') }, 'Cole os números ou escolha um arquivo.'],
    [{ numbers: '11987650001', file: csv }, 'Envie o texto colado ou o arquivo, não os dois.'],
    [{ file: new File(['PK\u0003\u0004\0\0'], 'lista.xlsx') }, 'Este arquivo é uma planilha.'],
    [{ numbers: '1\n'.repeat(50_001) }, 'São mais de 50.000 linhas.'],
    [{ numbers: '11987650001', reason: 'x'.repeat(201) }, 'Use no máximo 200 caracteres no motivo.'],
  ] as const) {
    const refused = await browser.sends('/do-not-call/imports', fields)
    t.equal(refused.status, 422, words)
    t.match(refused.text, words)
    // A form sends its line breaks as CR LF.
    if ('numbers' in fields) t.ok(refused.text.includes(`>\n${fields.numbers.replaceAll('\n', '\r\n')}</textarea>`), 'nothing is lost')
  }
  const huge = await browser.sends('/do-not-call/imports', { file: new File(['x'.repeat(9_000_000)], 'lista.csv') })
  t.equal(huge.status, 413)
  t.match(huge.text, 'Envie até 50 mil números por vez.')
  browser.token = ''
  t.equal((await browser.sends('/do-not-call/imports', { numbers: '11987650001' })).status, 403, 'a form of another site')
})

t.test(
  'an agent hears it in a call: noted with the reason, the buttons are locked, the click is refused, the manager undoes it',
  async (t) => {
    const sol = await scene(web.db)
    const callId = await clicks(web.db, sol, sol.ana)
    await talks(web.db, sol.ana, callId)
    const ana = await web.signedIn(sol.ana)
    t.match((await ana.get(`/calls/${callId}`)).text, 'Não ligar mais')
    const noted = await ana.post(`/calls/${callId}/do-not-call`, { reason: 'Não quer propostas' })
    t.equal(noted.headers.get('location'), `/calls/${callId}`)
    const page = await ana.get(`/calls/${callId}`)
    t.match(page.text, 'Maria Souza não receberá mais ligações.')
    t.match(page.text, 'Esse contato pediu para não receber ligações.')
    t.match(page.text, 'Não quer propostas')
    t.match(page.text, `Anotado por ${sol.ana.email}`)
    t.notMatch(page.text, '/removal', 'an agent cannot undo it')
    const locked = 'data-locked="Esse contato pediu para não receber ligações."'
    t.match(page.text, locked)
    t.match((await ana.get('/contacts')).text, locked)
    const click = await ana.post(`/contacts/${sol.maria.id}/calls`)
    t.equal(click.headers.get('x-refusal'), 'do-not-call')
    t.match(click.text, 'Esse contato pediu para não receber ligações.')

    const marcia = await web.signedIn(sol.marcia)
    t.match((await marcia.get(`/calls/${callId}`)).text, `action="/do-not-call/${sol.maria.e164.slice(1)}/removal"`)
    await marcia.post(`/do-not-call/${sol.maria.e164.slice(1)}/removal`, {}, { Referer: `${web.origin}/calls/${callId}` })
    t.match((await marcia.get(`/calls/${callId}`)).text, 'Maria Souza saiu da lista e pode receber ligações.')
    t.notMatch((await ana.get('/contacts')).text, 'data-locked=')
    t.equal((await ana.post(`/contacts/${sol.maria.id}/calls`)).status, 201)
  },
)

t.test('from the list of leads too, with or without a reason', async (t) => {
  const sol = await scene(web.db)
  await registers(web.db, sol.ana)
  const ana = await web.signedIn(sol.ana)
  t.match((await ana.get('/contacts')).text, `href="/contacts/${sol.maria.id}/do-not-call"`)
  t.match((await ana.get(`/contacts/${sol.maria.id}/do-not-call`)).text, 'A empresa não poderá mais ligar para este número.')
  await ana.post(`/contacts/${sol.maria.id}/do-not-call`)
  t.match((await ana.get('/contacts')).text, 'Maria Souza pediu para não receber ligações')
  t.match((await ana.get(`/contacts/${sol.maria.id}/do-not-call`)).text, `Anotado por ${sol.ana.email}`)
  t.match(await listed(sol.tenantId), [{ e164: sol.maria.e164, reason: '', author: sol.ana.email }])
})

function numbersIn(html: string): string[] {
  return [...html.matchAll(/<li id="number-(\d+)"/g)].map(([, digits]) => `+${digits ?? ''}`)
}

function nextIn(html: string): string | undefined {
  return /hx-get="(\/do-not-call\?[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
}
