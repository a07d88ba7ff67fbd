import t from 'tap'
import { addContact } from '../../domain/contacts/contacts.ts'
import { newCallId } from '../../domain/telephony/call-id.ts'
import { scene } from '../../domain/testing/scene.ts'
import { clicks, talks } from '../testing/calls.ts'
import { site } from '../testing/site.ts'

const web = await site(t)
const sol = await scene(web.db)
const callId = await clicks(web.db, sol, sol.ana)
await talks(web.db, sol.ana, callId)

const pages = {
  'pt-BR': {
    '/contacts': 'Leads',
    '/contacts/new': 'Novo lead',
    '/calls': 'Ligações',
    [`/calls/${callId}`]: 'Atendida · 36 s · o lead desligou',
    '/phone': 'Telefone',
    '/balance': 'Saldo de minutos',
    '/do-not-call': 'Não ligar',
    '/do-not-call/new': 'Adicionar número',
    '/do-not-call/imports': 'Importar lista',
    [`/contacts/${sol.maria.id}/do-not-call`]: 'Não ligar mais',
    '/rules': 'Regras',
  },
  en: {
    '/contacts': 'Leads',
    '/contacts/new': 'New lead',
    '/calls': 'Calls',
    [`/calls/${callId}`]: 'Answered · 36 s · the lead hung up',
    '/phone': 'Phone',
    '/balance': 'Minutes',
    '/do-not-call': 'Do not call',
    '/do-not-call/new': 'Add number',
    '/do-not-call/imports': 'Import list',
    [`/contacts/${sol.maria.id}/do-not-call`]: 'Do not call again',
    '/rules': 'Rules',
  },
}

for (const [locale, titles] of Object.entries(pages)) {
  t.test(`every page is in ${locale}, for the agent and for the manager`, async (t) => {
    for (const person of [sol.ana, sol.marcia]) {
      const browser = await web.signedIn(person, { 'Accept-Language': locale })
      for (const [path, words] of Object.entries(titles)) {
        const absent = person === sol.ana ? /^\/(balance|do-not-call|rules)/.test(path) : path === '/phone'
        const { status, text } = await browser.get(path)
        t.equal(status, absent ? 404 : 200, `${person.email} ${path}`)
        t.match(text, `<html lang="${locale}">`)
        if (!absent) t.match(text, words)
        t.notMatch(text, /undefined|\[object|<script>|style="|\{\w+\}</, path)
      }
    }
  })
}

t.test('the agent’s pages have the phone, and the manager’s do not', async (t) => {
  const agent = await (await web.signedIn(sol.ana)).get('/contacts')
  t.match(agent.text, '<aside id="phone"')
  t.match(agent.text, `aria-label="Ligar para Maria Souza"`)
  const manager = await (await web.signedIn(sol.marcia)).get('/contacts')
  t.notMatch(manager.text, '<aside id="phone"')
  t.notMatch(manager.text, 'data-call-button')
})

t.test('a page has no inline code and no foreign files, and is not cached', async (t) => {
  const { headers, text } = await (await web.signedIn(sol.ana)).get('/calls')
  t.match(
    headers.get('content-security-policy'),
    /default-src 'none';script-src 'self';style-src 'self'.*connect-src 'self' ws:\/\/127\.0\.0\.1:8088;.*frame-ancestors 'none'/,
  )
  t.equal(headers.get('cache-control'), 'no-store')
  t.match(headers.get('permissions-policy'), 'microphone=(self)')
  t.notMatch(text, / on\w+="|javascript:|<style|src="http/)
})

t.test('htmx gets the page without its frame, or only the rows', async (t) => {
  const browser = await web.signedIn(sol.ana)
  const boosted = await browser.get('/calls', {
    'HX-Request': 'true',
    'HX-Boosted': 'true',
    'HX-Request-Type': 'full',
    'HX-Target': 'main#page',
  })
  t.match(boosted.text, /^<title>Ligações · Ramal<\/title>\s*<main id="page"/)
  t.notMatch(boosted.text, '<aside id="phone"')
  const rows = await browser.fragment('/contacts?q=Souza', 'div#contacts')
  t.match(rows.text, /^\s*<ol class="list"/)
  t.match(rows.text, 'Maria Souza')
})

t.test('searching finds by name, company and number, and says when there is nothing', async (t) => {
  const browser = await web.signedIn(sol.ana)
  for (const q of ['souza', 'EMPÓRIO', '98765-4301'])
    t.match((await browser.get(`/contacts?q=${encodeURIComponent(q)}`)).text, 'Maria Souza', q)
  const none = await browser.get(`/contacts?q=${encodeURIComponent('100%<b>')}`)
  t.match(none.text, 'Nada encontrado para “100%&lt;b&gt;”')
  const { marcia } = await scene(web.db).then(async (lua) => {
    await web.db.deleteFrom('contacts').where('tenant_id', '=', lua.tenantId).execute()
    return lua
  })
  t.match((await (await web.signedIn(marcia)).get('/contacts')).text, 'Nenhum lead ainda')
})

t.test('a lead called <script> is shown by that name and runs nothing', async (t) => {
  const name = `<script>alert(1)</script>" onmouseover='x`
  await addContact(web.db, sol.tenantId, { name, company: '<img src=x>', numbers: [{ e164: '+5511987650000', label: '<b>x</b>' }] })
  const { text } = await (await web.signedIn(sol.ana)).get('/contacts')
  t.match(text, '&lt;script&gt;alert(1)&lt;/script&gt;&#34; onmouseover=&#39;x')
  t.notMatch(text, '<script>alert')
  t.notMatch(text, '<img src=x>')
})

t.test('the chosen language is kept for the user and for the browser', async (t) => {
  const { bruno } = sol
  const browser = await web.signedIn(bruno, { 'Accept-Language': 'pt-BR' })
  const answer = await browser.post('/locale', { locale: 'en' }, { Referer: `${web.origin}/calls?before=1` })
  t.equal(answer.status, 303)
  t.equal(answer.headers.get('location'), '/calls?before=1')
  t.match((await browser.get('/calls')).text, '<html lang="en">')
  t.match((await (await web.signedIn(bruno, { 'Accept-Language': 'pt-BR' })).get('/calls')).text, '<html lang="en">')
  await browser.post('/sign-out')
  t.match((await browser.get('/sign-in')).text, '<html lang="en">')
  t.equal((await browser.post('/locale', { locale: 'de' })).status, 400)
  t.equal((await browser.post('/locale', { locale: 'pt-BR' }, { Referer: 'https://elsewhere.example//evil' })).headers.get('location'), '/')
})

t.test('without any choice the page is in Portuguese', async (t) => {
  t.match((await web.visitor({ 'Accept-Language': 'fr,de' }).get('/sign-in')).text, '<html lang="pt-BR">')
  t.match((await web.visitor({ 'Accept-Language': 'en-GB,en;q=0.9' }).get('/sign-in')).text, '<html lang="en">')
})

t.test('the history shows fifty calls at a time, each once', async (t) => {
  const lua = await scene(web.db)
  const at = new Date('2026-03-01T12:00:00Z')
  const calls = Array.from({ length: 120 }, (_, n) => ({
    id: newCallId(),
    tenant_id: lua.tenantId,
    agent_id: lua.ana.agentId,
    contact_id: lua.maria.id,
    origin: 'click' as const,
    e164: lua.maria.e164,
    state: 'ended' as const,
    outcome: 'busy',
    requested_at: new Date(at.getTime() - Math.floor(n / 3) * 1000),
    ended_at: at,
    first_block_seconds: 30,
    next_block_seconds: 6,
    free_seconds: 3,
  }))
  await web.db.insertInto('calls').values(calls).execute()
  const browser = await web.signedIn(lua.marcia)
  const first = await browser.get('/calls')
  t.match(first.text, 'data-live-list="all"')
  const seen = rowsIn(first.text)
  let next = /hx-get="(\/calls\?before=[^"]+)"/.exec(first.text)?.[1]
  for (const expected of [50, 20]) {
    const more = await browser.fragment(next ?? '', 'li#more-calls')
    t.equal(rowsIn(more.text).length, expected)
    seen.push(...rowsIn(more.text))
    next = /hx-get="(\/calls\?before=[^"]+)"/.exec(more.text)?.[1]
  }
  t.equal(next, undefined)
  t.equal(new Set(seen).size, 120)
  t.equal(seen.length, 120)
})

function rowsIn(html: string): string[] {
  return [...html.matchAll(/<li id="call-([0-9a-f]{32})"/g)].map(([, id]) => id ?? '')
}
