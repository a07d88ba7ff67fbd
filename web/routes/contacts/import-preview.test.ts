import t from 'tap'
import { importFile, rightFiles, type RightFile } from '../../../domain/testing/import-files.ts'
import { scene } from '../../../domain/testing/scene.ts'
import { runQueuedImports } from '../../testing/contact-imports.ts'
import { site } from '../../testing/site.ts'
import type { Visitor } from '../../testing/visitor.ts'

const web = await site(t)
const works = () => runQueuedImports(web)

/** A manager of a new company of area 11, which may call any line. */
async function manager(): Promise<{ browser: Visitor; tenantId: number }> {
  const { tenantId, marcia } = await scene(web.db)
  const browser = await web.signedIn(marcia)
  await browser.get('/contact-imports/new')
  return { browser, tenantId }
}

async function uploads(browser: Visitor, content: string | Buffer, name = 'leads.csv'): Promise<string> {
  const sent = await browser.sends('/contact-imports', { file: new File([content], name) })
  return sent.headers.get('location') ?? ''
}

/** The fields of the preview's form as a browser would send them. */
function formOf(page: string): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [, name = '', options = ''] of page.matchAll(/<select id="[^"]+" name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g))
    fields[name] = /<option value="([^"]*)" selected>/.exec(options)?.[1] ?? ''
  for (const [, name = '', value = ''] of page.matchAll(/<input type="(?:hidden|checkbox)" name="([^"]+)" value="([^"]*)"(?= checked|>)/g))
    if (name !== 'assume' && name !== '_csrf') fields[name] = value
  if (!page.includes('name="heading" value="1" checked')) delete fields['heading']
  return fields
}

/** Imports a file as the preview guesses it, and returns the path of the import. */
async function importsAsGuessed(browser: Visitor, content: string | Buffer, more: Record<string, string> = {}): Promise<string> {
  const preview = await uploads(browser, content)
  const { text } = await browser.get(preview)
  t.equal((await browser.post(preview, { ...formOf(text), ...more, tag: '' })).status, 303)
  await works()
  return preview.replace('/preview', '')
}

/** The imported leads with their numbers, as in `rightFiles`. */
async function leadsOf(tenantId: number): Promise<string[]> {
  const rows = await web.db
    .selectFrom('contacts')
    .innerJoin('contact_numbers', 'contact_numbers.contact_id', 'contacts.id')
    .select(['contacts.id', 'name', 'company', 'e164', 'label'])
    .where('contacts.tenant_id', '=', tenantId)
    .where('name', '!=', 'Maria Souza')
    .orderBy('contacts.id')
    .orderBy('position')
    .execute()
  return [...Map.groupBy(rows, ({ id }) => id).values()].map((own) =>
    [own[0]?.name, own[0]?.company, ...own.map(({ e164, label }) => `${e164} ${label}`.trim())].join(' · '),
  )
}
const right = (leads: RightFile['leads']) => leads.map((lead) => lead.join(' · '))

for (const [name, file] of Object.entries<RightFile>(rightFiles)) {
  t.test(`${name} through the page: the leads of the list are the right ones, and the preview said so before`, async (t) => {
    const { browser, tenantId } = await manager()
    const preview = (await browser.get(await uploads(browser, importFile(name)))).text
    const lines = file.leads.length + (file.refused?.length ?? 0)
    t.match(preview, `Leads no arquivo: ${file.leads.length}. Linhas: ${name === 'rd-crm-deals.csv' ? lines - 1 : lines}.`)
    const path = await importsAsGuessed(browser, importFile(name))
    t.same((await leadsOf(tenantId)).sort(), right(file.leads).sort())
    const done = (await browser.fragment(path, 'div#contact-import')).text
    t.equal(done.includes('Linhas não importadas'), (file.refused ?? []).length > 0)
    const list = (await browser.get('/contacts')).text
    for (const lead of file.leads) t.ok(list.includes(lead[0]), lead[0])
  })
}

t.test('numbers without an area code stay out until the manager, who sees their lines, says whose they are', async (t) => {
  const { browser, tenantId } = await manager()
  const rows = Array.from({ length: 300 }, (_, n) => `Lead ${n};${n % 10 === 0 ? '98765' : '(21) 98765'}-${4000 + n}`)
  const content = `Nome;Telefone\n${rows.join('\n')}`
  const preview = await uploads(browser, content)
  const page = (await browser.get(preview)).text
  t.match(page, 'Números sem DDD são da área (11): 30 linhas')
  t.match(page, 'Leads no arquivo: 270. Linhas: 300.')
  t.match(page, 'Lead 0 · 98765-4000')
  const form = formOf(page)
  const changed = await browser.get(`${preview}?${new URLSearchParams({ ...form, assume: '1' }).toString()}`)
  t.match(changed.text, 'Leads no arquivo: 300. Linhas: 300.')
  const other = await browser.post(preview, { ...form, assume: '1', shown: 'x' })
  t.equal(other.status, 422, 'other columns were shown')
  t.match(other.text, 'As colunas mudaram.')
  t.equal((await browser.post(preview, { ...form, assume: '1' })).status, 303)
  await works()
  const leads = await leadsOf(tenantId)
  t.equal(leads.length, 300)
  t.equal(leads.filter((lead) => lead.includes('+5511')).length, 30)
})

t.test('a column of tax numbers is not offered as the telephone, and is not taken as one', async (t) => {
  const { browser } = await manager()
  const preview = await uploads(browser, 'Nome;CPF\nAna;11987654321')
  const page = (await browser.get(preview)).text
  t.match(/name="column-1"[\s\S]*?<\/select>/.exec(page)?.[0], /value="field" selected/)
  t.notMatch(/name="column-1"[\s\S]*?<\/select>/.exec(page)?.[0], 'value="number"')
  const forced = await browser.post(preview, { 'column-0': 'name', 'column-1': 'number', heading: '1' })
  t.equal(forced.status, 422)
  t.match(forced.text, 'Escolha a coluna do telefone.')
})

t.test('the preview says what each row becomes, which cells stay out, and what is refused; a check keeps the choice', async (t) => {
  const { browser } = await manager()
  const content = 'Nome;Empresa;Fone;Cargo;E-mail\nAna;Um;(21) 98765-4001;Sócia;só telefone\n<b>Zé</b>;;11 1234;;ze@example.com\n'
  const preview = await uploads(browser, content)
  const page = (await browser.get(preview)).text
  t.match(page, 'Sócia')
  t.match(page, 'E-mail: “só telefone” fica de fora. Isto não é um e-mail.')
  t.match(page, 'Faltam ou sobram dígitos.')
  t.match(page, '&lt;b&gt;Zé&lt;/b&gt; · 11 1234')
  const checked = await browser.post(preview, { ...formOf(page), 'column-3': '', tag: 'Feira', then: 'check' })
  t.equal(checked.headers.get('location'), preview)
  const again = (await browser.get(preview)).text
  t.equal(formOf(again)['column-3'], '')
  t.match(again, 'value="Feira"')
  const part = await browser.fragment(`${preview}?${new URLSearchParams(formOf(again)).toString()}`, 'div#import-check')
  t.match(part.text, 'Leads no arquivo: 1. Linhas: 2.')
  t.notMatch(part.text, '<select')
})

t.test('refused rows come back as the columns of the file with the reason, safe for Excel, and import once corrected', async (t) => {
  const { browser, tenantId } = await manager()
  const content = 'sep=,\nNome,Obs,Telefone\n"=HYPERLINK(1), Ana","-1",11 1234\n"Bia ""B""\nReis",,+55 21 98765-40\nCaio,"aberto,11 1\n'
  const path = await importsAsGuessed(browser, content)
  const sheet = (await browser.get(`${path}/faults`)).text
  t.match(sheet, 'Nome,Obs,Telefone,Motivo\n"\'=HYPERLINK(1), Ana",\'-1,11 1234,Faltam ou sobram dígitos.')
  t.match(sheet, '"Bia ""B""\nReis",,\'+55 21 98765-40,')
  t.match(sheet, '"Caio,""aberto,11 1",,,As aspas desta linha')
  const corrected = sheet.replace('11 1234', '(21) 98765-4001').replace("'+55 21 98765-40,", "'+55 21 98765-4002,")
  const second = await importsAsGuessed(browser, corrected)
  t.same(await leadsOf(tenantId), ['=HYPERLINK(1), Ana ·  · +5521987654001', 'Bia "B" Reis ·  · +5521987654002'])
  const rest = (await browser.get(`${second}/faults`)).text
  t.match(rest, /^\uFEFF?Nome,Obs,Telefone,Motivo\n/, 'one reason, of this import')
  t.equal(rest.trim().split('\n').length, 2)
})

t.test('a file without a heading gets one for its refused rows', async (t) => {
  const { browser } = await manager()
  const path = await importsAsGuessed(browser, 'Ana;(21) 98765-4001\nBia;(21) 98765-400\n')
  t.match((await browser.get(`${path}/faults`)).text, 'Nome;Telefone;Motivo\nBia;(21) 98765-400;')
})

t.test('what a file says about a lead stands on its page', async (t) => {
  const { browser, tenantId } = await manager()
  await importsAsGuessed(browser, importFile('receita.csv'))
  const lead = await web.db
    .selectFrom('contacts')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', 'PADARIA UM')
    .executeTakeFirst()
  const page = (await browser.get(`/contacts/${lead?.id}`)).text
  for (const text of ['11222333000181', 'contato@padaria-um.example', 'RIO DE JANEIRO', 'CNAE']) t.match(page, text)
})

t.test('a row whose numbers belong to two leads waits on the result page until a manager says whose it is', async (t) => {
  const { browser, tenantId } = await manager()
  await importsAsGuessed(browser, 'Nome;Telefone\nAna;(21) 98765-4001\nBia;(21) 98765-4002\n')
  const rows = ['Ana;(21) 98765-4001;(21) 98765-4002', 'Caio;(21) 98765-4003;(21) 98765-4004', 'Bia;(21) 98765-4001;(21) 98765-4002']
  const path = await importsAsGuessed(browser, `Nome;Telefone;Celular\n${rows.join('\n')}\n`)
  const page = (await browser.get(path)).text
  t.match(page, 'Linhas para decidir: 2')
  t.match(page, 'De quem são estas linhas?')
  t.match(page, 'Juntar em Ana')
  t.match(page, 'Juntar em Bia')
  const ana = /name="contact" value="(\d+)">Juntar em Ana/.exec(page)?.[1] ?? ''
  const shown = /name="shown" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const stranger = (await manager()).browser
  t.equal((await stranger.post(`${path}/rows/2`, { contact: ana, shown })).status, 404)
  t.equal((await browser.post(`${path}/rows/2`, { contact: ana, shown })).status, 303)
  t.equal((await browser.post(`${path}/rows/4`, { contact: '' })).status, 303)
  t.same(await leadsOf(tenantId), ['Ana ·  · +5521987654001 · +5521987654002 Celular', 'Caio ·  · +5521987654003 · +5521987654004 Celular'])
  const after = (await browser.get(path)).text
  t.notMatch(after, 'De quem são estas linhas?')
  t.match(after, 'Os números desta linha são de dois leads.')
  t.equal((await browser.post(`${path}/rows/2`, { contact: ana, shown })).status, 303)
  t.match((await browser.get(path)).text, 'Esta linha já foi decidida.')
})
