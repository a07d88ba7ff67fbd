import t from 'tap'
import { insertContacts } from '../../../domain/contacts/contacts.ts'
import { readCsvRows, separatorOf } from '../../../domain/contacts/imports/csv-rows.ts'
import { mostTries, noteFailedTry } from '../../../domain/contacts/imports/failed-try.ts'
import { registers, scene } from '../../../domain/testing/scene.ts'
import { runQueuedImports } from '../../testing/contact-imports.ts'
import { site } from '../../testing/site.ts'

const web = await site(t)
const works = () => runQueuedImports(web)

t.test('a file in any encoding: the user confirms the guessed columns, and every row is added or returned with a reason', async (t) => {
  const text = 'Razão Social;Nome;Celular;Cor\r\nPão & Cia;"Conceição\r\nda Silva";(11) 98765-0001;azul\r\n;João;11 1234;\r\n'
  const encodings = {
    'UTF-8': Buffer.from(`\uFEFF${text}`),
    'UTF-16': Buffer.from(`\uFEFF${text}`, 'utf16le'),
    'Latin-1': Buffer.from(text, 'latin1'),
  }
  for (const [encoding, bytes] of Object.entries(encodings)) {
    const { tenantId, marcia } = await scene(web.db)
    const browser = await web.signedIn(marcia)
    await browser.get('/contact-imports/new')
    const sent = await browser.sends('/contact-imports', { file: new File([bytes], 'Feira 2026.csv') })
    t.equal(sent.status, 303, encoding)
    const preview = sent.headers.get('location') ?? ''
    const path = preview.replace('/preview', '')
    const guess = await browser.get(preview)
    t.match(guess.text, 'Pão &amp; Cia')
    t.match(guess.text, /name="column-2"[^>]*>\s*<option value="">[^\n]*\n\s*<option value="number" selected>/)
    t.match(guess.text, 'value="Feira 2026"')
    t.match(guess.text, 'Leads no arquivo: 1. Linhas: 2.')
    const columns = { 'column-0': 'company', 'column-1': 'name', 'column-2': 'number', 'column-3': '' }
    const none = await browser.post(preview, { ...columns, 'column-2': '', heading: '1', tag: 'Feira' })
    t.equal(none.status, 422)
    t.match(none.text, 'Escolha a coluna do telefone.')
    t.equal((await browser.post(preview, { ...columns, heading: '1', tag: 'Feira' })).status, 303)
    t.equal((await browser.get(preview)).headers.get('location'), path, 'it is no preview any more')
    t.match((await browser.get(path)).text, 'Na fila para importar…')
    await works()
    const done = await browser.fragment(path, 'div#contact-import')
    t.match(done.text, 'Leads novos: 1')
    t.match(done.text, 'Linhas não importadas: 1')
    t.match(done.text, 'Faltam ou sobram dígitos.')
    const refused = await browser.get(`${path}/faults`)
    t.match(refused.text, 'Razão Social;Nome;Celular;Cor;Motivo')
    t.match(refused.text, '\n;João;11 1234;;Faltam ou sobram dígitos.')
    t.match((await browser.get('/contacts?tag=Feira')).text, /Conceição da Silva[\s\S]*Pão &amp; Cia/)
    const rows = await web.db.selectFrom('contact_numbers').select('e164').where('tenant_id', '=', tenantId).execute()
    t.equal(rows.length, 2)
  }
})

t.test('a file without leads shows an error beside its field; a file of another company does not exist', async (t) => {
  const [sol, lua] = [await scene(web.db), await scene(web.db)]
  const browser = await web.signedIn(sol.marcia)
  await browser.get('/contact-imports/new')
  for (const [file, words] of [
    [new File([''], 'x.csv'), 'Escolha um arquivo com pelo menos uma linha.'],
    [new File(['PK\u0003\u0004\0\0'], 'x.xlsx'), 'Este arquivo é uma planilha.'],
    [new File(['1\n'.repeat(50_001)], 'x.csv'), 'O arquivo tem mais de 50.000 linhas.'],
    [new File(['1\r'.repeat(50_001)], 'x.csv'), 'O arquivo tem mais de 50.000 linhas.'],
  ] as const) {
    const refused = await browser.sends('/contact-imports', { file })
    t.equal(refused.status, 422)
    t.match(refused.text, words)
  }
  const path = (await browser.sends('/contact-imports', { file: new File(['11987650009'], 'x.csv') })).headers.get('location') ?? ''
  for (const person of [lua.marcia, lua.ana, sol.ana]) {
    const stranger = await web.signedIn(person)
    t.equal((await stranger.get(path)).status, 404)
    t.equal((await stranger.get(path.replace('preview', 'faults'))).status, 404)
    t.equal((await stranger.post(path, { 'column-0': 'number' })).status, 404)
  }
})

t.test('the page of a lead: tags and owner, which the list is filtered by; another company’s lead does not exist', async (t) => {
  const [sol, lua] = [await scene(web.db), await scene(web.db)]
  await registers(web.db, sol.ana)
  const ana = await web.signedIn(sol.ana)
  const path = `/contacts/${sol.maria.id}`
  t.match((await ana.get(path)).text, 'Nenhuma ligação ainda.')
  const saved = await ana.post(path, {
    name: 'Maria  Souza Lima',
    company: 'Sol',
    number: '(11) 98765-4301',
    tags: 'vip, Feira, VIP',
    owner: String(sol.ana.agentId),
  })
  t.equal(saved.headers.get('location'), path)
  t.match((await ana.get(path)).text, 'value="Feira, VIP"')
  const wrong = await ana.post(path, { name: ' ', company: 'Outra', number: '(11) 98765-4301', tags: 'x', owner: '' })
  t.equal(wrong.status, 422)
  t.match(wrong.text, 'Informe o nome.')
  t.match(wrong.text, 'value="Outra"')
  t.match((await ana.get(`/contacts?tag=vip&owner=${sol.ana.agentId}&q=maria`)).text, 'Maria Souza Lima')
  t.notMatch((await ana.get(`/contacts?owner=${sol.bruno.agentId}`)).text, 'Maria Souza Lima')
  const call = (await ana.post(`${path}/calls`)).headers.get('x-call-id') ?? ''
  await ana.post(`/calls/${call}/wrap-up`, { disposition: '', note: 'Prefere à tarde', revision: '0' })
  await ana.post(`/calls/${call}/callbacks`, { when: '1h' })
  const page = await ana.get(path)
  t.match(page.text, 'Prefere à tarde')
  t.match(page.text, 'Próximos retornos')

  const stranger = await web.signedIn(lua.ana)
  t.equal((await stranger.get(path)).status, 404)
  t.equal((await stranger.post(path, { name: 'x' })).status, 404)
  t.notMatch((await stranger.get('/contacts?tag=vip')).text, 'Maria Souza Lima')
  await ana.post(path, { name: 'Maria', company: '', number: '(11) 98765-4301', tags: '', owner: String(lua.ana.agentId) })
  t.match(await web.db.selectFrom('contacts').select('owner_agent_id').where('id', '=', sol.maria.id).executeTakeFirst(), {
    owner_agent_id: null,
  })
})

t.test('thousands of leads are shown by pages, each once', async (t) => {
  const { tenantId, marcia } = await scene(web.db)
  const rows = Array.from({ length: 250 }, (_, n) => ({
    name: `Lead ${n % 5}`,
    company: '',
    numbers: [{ e164: `+55119${80000000 + n}`, label: '' }],
  }))
  await insertContacts(web.db, tenantId, rows)
  const browser = await web.signedIn(marcia)
  const seen: string[] = []
  let page = await browser.get('/contacts?q=Lead')
  for (let turn = 0; turn < 5; turn++) {
    seen.push(...[...page.text.matchAll(/<li id="contact-(\d+)"/g)].map(([, id]) => id ?? ''))
    const next = /hx-get="(\/contacts\?[^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&')
    if (next === undefined || !next.includes('after=')) break
    page = await browser.fragment(next, 'li#more-contacts')
  }
  t.equal(seen.length, 250)
  t.equal(new Set(seen).size, 250)
})

t.test('a column form with missing or wrong fields asks for the telephone column again', async (t) => {
  const { marcia } = await scene(web.db)
  const browser = await web.signedIn(marcia)
  await browser.get('/contact-imports/new')
  const path = (await browser.sends('/contact-imports', { file: new File(['Rui;11987650009'], 'x.csv') })).headers.get('location') ?? ''
  for (const [type, body] of [
    ['application/x-www-form-urlencoded', ''],
    ['application/json', '{"column-0":"number"}'],
    ['text/plain', 'column-0=number'],
    ['application/x-www-form-urlencoded', 'column-0=number&column-0=name'],
    ['multipart/form-data; boundary=b', '--b'],
  ] as const) {
    const headers = {
      'Content-Type': type,
      'x-csrf-token': browser.token,
      Cookie: [...browser.cookies].map((each) => each.join('=')).join('; '),
    }
    const answer = await fetch(web.origin + path, { method: 'POST', headers, body, redirect: 'manual' })
    t.equal(answer.status, 422, type)
    t.match(await answer.text(), 'Escolha a coluna do telefone.')
  }
})

t.test('a lead has fifty tags at most, and what was typed stays', async (t) => {
  const sol = await scene(web.db)
  const ana = await web.signedIn(sol.ana)
  const path = `/contacts/${sol.maria.id}`
  await ana.get(path)
  const save = (count: number) => {
    const tags = Array.from({ length: count }, (_, n) => `t${n}`).join(', ')
    return ana.post(path, { name: 'Maria', company: '', number: '(11) 98765-4301', tags, owner: '' })
  }
  t.equal((await save(50)).status, 303)
  const refused = await save(51)
  t.equal(refused.status, 422)
  t.match(refused.text, 'Use no máximo 50 etiquetas.')
  t.match(refused.text, 't49, t50"')
  t.equal((await web.db.selectFrom('contact_tags').select('tag').where('contact_id', '=', sol.maria.id).execute()).length, 50)
})

t.test('the page of an import that failed says so, in both languages', async (t) => {
  const { marcia } = await scene(web.db)
  const browser = await web.signedIn(marcia)
  await browser.get('/contact-imports/new')
  const sent = await browser.sends('/contact-imports', { file: new File(['Rui;11987650009'], 'x.csv') })
  const path = (sent.headers.get('location') ?? '').replace('/preview', '')
  await browser.post(`${path}/preview`, { 'column-0': 'name', 'column-1': 'number' })
  const id = Number(path.split('/').at(-1))
  await noteFailedTry(web.db, { id, tries: mostTries - 1 }, new Date())
  const page = await browser.get(path)
  t.match(page.text, 'A importação parou')
  t.match(page.text, 'O servidor tentou 3 vezes e não conseguiu gravar as linhas seguintes. Linhas processadas até parar: 0.')
  t.notMatch(page.text, 'Importação concluída')
  await web.db.updateTable('users').set({ locale: 'en' }).where('id', '=', marcia.userId).execute()
  const english = await (await web.signedIn(marcia)).get(path)
  t.match(english.text, 'The server tried 3 times and could not save the next lines.')
})

t.test('the sheet of refused rows: no cell begins a formula after any separator, and the sheet is read as the same cells', async (t) => {
  const cells = ['Ana;=1+1', 'Bia; "=1+1', '=1,@x|-2\t+3\n=4', "'+55", '11 1234']
  for (const separator of [',', ';', '|']) {
    const { marcia } = await scene(web.db)
    const browser = await web.signedIn(marcia)
    await browser.get('/contact-imports/new')
    const row = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(separator)
    const content = `sep=${separator}\n${['A', 'B', 'C', 'D', 'Telefone'].join(separator)}\n${row}`
    const sent = await browser.sends('/contact-imports', { file: new File([content], 'x.csv') })
    const preview = sent.headers.get('location') ?? ''
    const kinds = { 'column-0': 'name', 'column-1': '', 'column-2': '', 'column-3': '', 'column-4': 'number' }
    await browser.post(preview, { ...kinds, heading: '1' })
    await works()
    const { text } = await browser.get(preview.replace('preview', 'faults'))
    t.notMatch(text, /[;,|\t\n][ "]*[=+@-]/)
    const sheet = text.replace(/^\uFEFF/, '')
    t.equal(separatorOf(sheet), separator)
    t.equal(sheet.startsWith('sep='), separator === '|')
    const [heading, refused] = [...readCsvRows(sheet)]
    t.same(heading?.cells, ['A', 'B', 'C', 'D', 'Telefone', 'Motivo'])
    t.same(refused?.cells?.slice(0, -1), ['Ana;=1+1', 'Bia; "=1+1', '=1,@x|-2\t+3\n=4', '+55', '11 1234'])
  }
})
