import { once } from 'node:events'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { inTransaction } from '../../domain/database/transaction.ts'
import { addOperator } from '../../domain/accounts/operators.ts'
import { scene, scenePassword } from '../../domain/testing/scene.ts'
import { longestLine, mostColumns } from '../../domain/runtime/sheet-limits.ts'
import { mostParts } from './multipart.ts'
import { site } from '../testing/site.ts'
import type { Visitor } from '../testing/visitor.ts'

// A fault here shows as an answer that never comes.
t.setTimeout(120_000)
const web = await site(t)
const paths = ['/contact-imports', '/do-not-call/imports']
const boundary = 'a-boundary-of-the-tests'
const announcedBytes = 7_900_000

/** A form on its way: a browser has said how long it is, and sent `piece` of it. */
interface Sending {
  send(piece: string): void
  /** The answer to what was sent so far. */
  answer(): Promise<{ status: number | undefined; text: string }>
}

function sends(t: Test, browser: Visitor, path: string, headers: Record<string, string> = {}): Sending {
  const url = new URL(path, web.origin)
  const sent: ClientRequest = request(url, {
    method: 'POST',
    agent: false,
    headers: {
      Cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '),
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
      'Content-Length': String(announcedBytes),
      ...headers,
    },
  })
  t.teardown(() => sent.destroy())
  sent.flushHeaders()
  sent.on('error', () => undefined)
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  return {
    send: (piece) => void sent.write(piece),
    async answer() {
      const [response] = await answered
      return { status: response.statusCode, text: await text(response) }
    },
  }
}

const part = (name: string, value: string) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const fileBegins = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="leads.csv"\r\n\r\n`

t.test('a user who may not upload is refused by the headers of the request', async (t) => {
  const { ana, marcia } = await scene(web.db)
  const agent = await web.signedIn(ana)
  const olga = { email: 'olga@server.example', name: 'Olga' }
  await inTransaction(web.db, (trx) => addOperator(trx, { ...olga, password: scenePassword }))
  const runs = await web.signedIn(olga)
  const manager = await web.signedIn(marcia)
  const stranger = web.visitor()
  for (const path of paths) {
    for (const [browser, headers, status] of [
      [agent, { 'x-csrf-token': agent.token }, 404],
      [runs, { 'x-csrf-token': runs.token }, 404],
      [stranger, {}, 403],
      [manager, { 'x-csrf-token': agent.token }, 403],
      [manager, { 'x-csrf-token': manager.token, 'Sec-Fetch-Site': 'cross-site' }, 403],
      [manager, { 'x-csrf-token': manager.token, 'Content-Length': '9000000' }, 413],
    ] as const)
      t.equal((await sends(t, browser, path, headers).answer()).status, status, `${path} ${status}`)
  }
})

t.test('a form without JavaScript begins with the token: without a token the rest is not parsed', async (t) => {
  const { ana, marcia } = await scene(web.db)
  const [agent, manager] = [await web.signedIn(ana), await web.signedIn(marcia)]
  for (const path of paths) {
    for (const [piece, status] of [
      [`${part('_csrf', agent.token)}${fileBegins}11987654321`, 403],
      [`${part('reason', 'x')}${part('_csrf', manager.token)}`, 403],
      [`${fileBegins}11987654321`, 403],
      [`${part('_csrf', 'x'.repeat(9000))}`, 400],
      ['x'.repeat(9000), 400],
    ] as const) {
      const form = sends(t, manager, path)
      form.send(piece)
      t.equal((await form.answer()).status, status, `${path} ${piece.slice(0, 90)}`)
    }
  }
})

t.test('a form with too many parts is refused at the first part over the limit', async (t) => {
  const { marcia } = await scene(web.db)
  const manager = await web.signedIn(marcia)
  for (const path of paths) {
    for (const empty of [part('x', ''), `--${boundary}\r\n\r\n\r\n`]) {
      const form = sends(t, manager, path)
      form.send(part('_csrf', manager.token) + empty.repeat(mostParts - 1))
      form.send(empty.repeat(2))
      const { status, text } = await form.answer()
      t.equal(status, 400)
      t.match(text, 'Não entendemos o pedido')
    }
  }
})

t.test('the fault of a line or row over the limit stands beside the file field', async (t) => {
  const { marcia } = await scene(web.db)
  const manager = await web.signedIn(marcia)
  const line = '1 e '.repeat(longestLine)
  for (const [path, content, words] of [
    ['/contact-imports', `telefone\n${line}`, 'A linha 2 tem mais de 20.000 caracteres.'],
    ['/contact-imports', ','.repeat(7_900_000), 'A linha 1 tem mais de 20.000 caracteres.'],
    ['/contact-imports', ';'.repeat(mostColumns), 'A primeira linha tem mais de 200 colunas.'],
    ['/do-not-call/imports', line, 'A linha 1 tem mais de 20.000 caracteres.'],
    ['/do-not-call/imports', `1${'\n'.repeat(7_900_000)}`, 'São mais de 50.000 linhas.'],
  ] as const) {
    const refused = await manager.sends(path, { file: new File([content], 'lista.csv') })
    t.equal(refused.status, 422, `${path} ${words}`)
    t.match(refused.text, words)
  }
})

t.test('a browser that disconnects in the middle of its file has no effect on others', async (t) => {
  const { marcia } = await scene(web.db)
  const manager = await web.signedIn(marcia)
  for (const path of paths) {
    const url = new URL(path, web.origin)
    const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}`, 'x-csrf-token': manager.token }
    const Cookie = [...manager.cookies].map((pair) => pair.join('=')).join('; ')
    const sent = request(url, { method: 'POST', agent: false, headers: { ...headers, Cookie, 'Content-Length': '1000' } })
    sent.on('error', () => undefined)
    await new Promise((written) => sent.write(`${fileBegins}11987654321`, written))
    sent.destroy()
    const cut = await manager.sends(path, { file: new File(['1198'], 'x.csv') })
    t.ok(cut.status < 500)
  }
})
