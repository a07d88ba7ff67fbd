/**
 * `npm run bench:uploads`: how long `/health` waits during an upload that is built to be slow to read, as leads and as a do-not-call
 * list, during the preview of a large file, and while the worker imports one. Slowest and median answer, beside a quiet time of the same run.
 *   npm run bench:uploads -- --seconds 5   length of the quiet measurement
 */
import { parseArgs } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from '../../domain/database/pool.ts'
import { Visitor, type Answer } from '../../web/testing/visitor.ts'
import { demoPassword, seedDemo } from '../seed.ts'
import { terminalProgress } from '../setup/progress.ts'
import { startStack } from '../stack/stack.ts'
import { median } from './median.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' } } })
const goalMs = 300
const pollEveryMs = 20
const bytes = 7_900_000
const files: Record<string, () => string> = {
  '50,000 leads': leads,
  'one line of 1 e 1 e …': () => '1 e '.repeat(bytes / 4),
  'one line of commas': () => ','.repeat(bytes),
  'line breaks': () => `1${'\n'.repeat(bytes)}`,
  'quotation marks': () => '"'.repeat(bytes),
  '50,000 faulty lines': faultyLines,
}
const progress = terminalProgress()
const stack = await startStack({ name: 'bench-uploads', fresh: true, temporary: true, parts: ['mariadb'], progress })
const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
try {
  await seedDemo(stack.env.RAMAL_DATABASE_URL)
  await Promise.all([stack.web.start(), stack.worker.start()])
  const manager = new Visitor(stack.url, {})
  await manager.signsIn('marcia@padaria-sol.example', demoPassword)
  const agent = new Visitor(stack.url, {})
  await agent.signsIn('ana@padaria-sol.example', demoPassword)

  await measure('no upload, baseline', () => pause(Number(values.seconds) * 1000))
  for (const path of ['/contact-imports', '/do-not-call/imports']) {
    for (const [name, content] of Object.entries(files)) await measure(`${path}: ${name}`, () => send(manager, path, content()))
    await measure(`${path}: 155,000 empty parts`, () => sendParts(manager, path))
    await measure(`${path}: 155,000 empty parts, sent by an agent`, () => sendParts(agent, path))
  }
  for (const [name, content] of Object.entries({ '50,000 leads': leads, '50,000 faulty lines': faultyLines })) {
    const path = (await send(manager, '/contact-imports', content())).headers.get('location') ?? ''
    await measure(`the preview of ${name}`, () => manager.get(path))
  }
  await measure('/do-not-call/imports: 50,000 faulty lines, pasted', () =>
    manager.sends('/do-not-call/imports', { numbers: faultyLines() }),
  )
  for (const [name, content] of Object.entries({ '50,000 leads': leads, '50,000 faulty lines': faultyLines }))
    await measure(
      `the worker reads ${name}`,
      () => importLeads(manager, content()),
      `http://127.0.0.1:${stack.env.RAMAL_WORKER_METRICS_PORT}/health`,
    )
} finally {
  await db.destroy()
  await stack.stop()
}

function leads(): string {
  return Array.from({ length: 49_999 }, (_, n) => `(11) 9${80_000_000 + n};Pessoa ${n}`).join('\n')
}

/** Lines of 150 characters that look like telephone numbers. */
function faultyLines(): string {
  return Array.from({ length: 50_000 }, (_, n) => `(11) 98765-43${n} / ${'11 1234-5678 '.repeat(10)}`).join('\n')
}

/** Prints how long `/health` of the site or of the worker takes to answer while `work` runs. */
async function measure(name: string, work: () => Promise<{ status: number } | void>, address = `${stack.url}/health`): Promise<void> {
  progress.step(name)
  const waits: number[] = []
  let done = false
  const polling = (async () => {
    while (!done || waits.length === 0) {
      const askedAt = performance.now()
      await (await fetch(address)).text()
      waits.push(performance.now() - askedAt)
      await pause(pollEveryMs)
    }
  })()
  const startedAt = performance.now()
  const answer = await work()
  const tookMs = performance.now() - startedAt
  done = true
  await polling
  const slowest = Math.max(...waits)
  const status = answer ? `answer ${answer.status}` : ''
  console.log(
    `${name.padEnd(62)} median ${median(waits).toFixed(1).padStart(6)} ms   slowest ${slowest.toFixed(0).padStart(5)} ms   ${slowest < goalMs ? 'ok' : `over ${goalMs} ms`}   took ${(tookMs / 1000).toFixed(1)} s ${status}`,
  )
}

function send(browser: Visitor, path: string, content: string): Promise<Answer> {
  return browser.sends(path, { file: new File([content], 'leads.csv') })
}

/** Like `Visitor.sends`, with parts that FormData cannot make. */
async function sendParts(browser: Visitor, path: string): Promise<{ status: number }> {
  const part = '--b\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n'
  const token = `--b\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n${browser.token}\r\n`
  const headers = {
    Cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '),
    'Content-Type': 'multipart/form-data; boundary=b',
  }
  const body = `${token}${part.repeat(155_000)}--b--\r\n`
  const { status } = await fetch(stack.url + path, { method: 'POST', redirect: 'manual', headers, body })
  return { status }
}

async function importLeads(manager: Visitor, content: string): Promise<void> {
  const path = (await send(manager, '/contact-imports', content)).headers.get('location') ?? ''
  await manager.post(path, { 'column-0': 'number', 'column-1': 'name' })
  const isDone = async () => !(await db.selectFrom('contact_imports').select('id').where('state', '=', 'queued').executeTakeFirst())
  while (!(await isDone())) await pause(100)
}
