import t from 'tap'
import { scene } from '../../../domain/testing/scene.ts'
import { site } from '../../testing/site.ts'

const web = await site(t)
const sol = await scene(web.db)
const ana = await web.signedIn(sol.ana)

async function leads(): Promise<number> {
  return (await web.db.selectFrom('contacts').select('id').where('tenant_id', '=', sol.tenantId).execute()).length
}

t.test('a lead with a number as people write it is added and shown', async (t) => {
  const answer = await ana.post('/contacts', { name: '  João   Lima ', company: 'Auto Lima', number: '(21) 8765-4321' })
  t.equal(answer.status, 303)
  t.equal(answer.headers.get('location'), '/contacts')
  const { text } = await ana.get('/contacts')
  t.match(text, 'Lead adicionado.')
  t.match(text, '(21) 98765-4321')
  t.notMatch((await ana.get('/contacts')).text, 'Lead adicionado.', 'the message is shown once')
})

t.test('a number without area code takes the company’s', async (t) => {
  await ana.post('/contacts', { name: 'Rui Vaz', company: '', number: '98111-2222' })
  t.match((await ana.get('/contacts?q=Rui')).text, '(11) 98111-2222')
})

t.test('what is typed behind a number is kept in its label, or refused if it does not fit', async (t) => {
  const lead = { name: 'Ana Dias', company: '', number: '3210-0007 ramal 203', label: '', number2: '3210-0008 (recado)', label2: 'Casa' }
  t.equal((await ana.post('/contacts', lead)).status, 303)
  const id = /href="\/contacts\/(\d+)"/.exec((await ana.get('/contacts?q=Ana+Dias')).text)?.[1] ?? ''
  const { text } = await ana.get(`/contacts/${id}`)
  t.match(text, /\(11\) 3210-0007<\/span>\s*<span class="small">ramal 203</)
  t.match(text, /\(11\) 3210-0008<\/span>\s*<span class="small">Casa, recado</)
  const long = await ana.post('/contacts', { ...lead, number: `3210-0009 (${'falar com Rui '.repeat(3)})`, number2: '' })
  t.equal(long.status, 422)
  t.match(long.text, 'O texto depois do telefone não cabe no tipo, que tem até 40 caracteres.')
})

t.test('an error stands beside its field, the typed text stays, and nothing is stored', async (t) => {
  const before = await leads()
  for (const [number, words] of [
    ['11 98765-4321\nChannel: Local/1', 'Use só números'],
    ['11987654321;21', 'Use só números'],
    ['5,51199E+12', 'O Excel encurtou este número, e alguns dígitos se perderam.'],
    ['119.876.543-21', 'Isto parece CPF, CNPJ, CEP ou data, e não um telefone.'],
    ['não tem', 'Informe o telefone.'],
    ['11987654321&SIP/x', 'Use só números'],
    ['11987654321@evil', 'Use só números'],
    ['abc', 'Use só números'],
    ['9'.repeat(40), 'Faltam ou sobram dígitos.'],
    ['123456', 'Faltam ou sobram dígitos.'],
    ['(23) 99999-8888', 'Esse DDD não existe.'],
    ['(11) 98765-432', 'Falta um dígito. Depois do DDD, um celular tem 9 dígitos.'],
    ['(11) 1234-5678', 'Esse número não existe. Confira o DDD e o nono dígito.'],
    ['11 98765-4321 / 3333-4309', 'Há mais de um número aqui: (11) 98765-4321 e (11) 3333-4309. Deixe só um.'],
  ] as const) {
    const answer = await ana.post('/contacts', { name: 'Léa "Dias" <b>', company: 'Dias & Cia', number })
    t.equal(answer.status, 422, JSON.stringify(number))
    t.match(answer.text, words)
    t.match(answer.text, 'value="Léa &#34;Dias&#34; &lt;b&gt;"')
    t.match(answer.text, 'value="Dias &amp; Cia"')
    t.match(answer.text, 'aria-invalid="true" aria-describedby="number-error"')
  }
  for (const number of ['0900 123 4567', '+1 212 555 0100', '190']) {
    const answer = await ana.post('/contacts', { name: 'Léa', company: '', number })
    t.equal(answer.status, 422)
    t.match(answer.text, 'Ligações para esse tipo de número estão bloqueadas.')
  }
  const empty = await ana.post('/contacts', { name: ' ', company: 'x'.repeat(121), number: '' })
  t.match(empty.text, 'Informe o nome.')
  t.match(empty.text, 'Use no máximo 120 caracteres na empresa.')
  t.match(empty.text, 'Informe o telefone.')
  t.equal(await leads(), before)
})

t.test('a known number links to its lead', async (t) => {
  const before = await leads()
  const answer = await ana.post('/contacts', { name: 'Outra Maria', company: '', number: '11 98765-4301' })
  t.equal(answer.status, 422)
  t.match(answer.text, 'Esse telefone já é de Maria Souza.')
  const link = /href="(\/contacts\/\d+)"/.exec(answer.text)?.[1] ?? ''
  t.match((await ana.get(link)).text, 'Empório Central')
  t.match(answer.text, 'value="Outra Maria"')
  t.equal(await leads(), before)
})
