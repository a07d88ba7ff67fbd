import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { findTenant } from '../domain/tenants/tenants.ts'
import { operator, type Run } from './testing/operator.ts'
import { scene } from '../domain/testing/scene.ts'

// The other tests run the program in their own process. This one tests what only a process has: exit code, streams, a terminal.
const olga = await operator(t)
const program = [process.execPath, 'cli/ramal.ts']

async function run([file = '', ...args]: string[], input = ''): Promise<Run> {
  const env = { PATH: process.env['PATH'], TERM: 'dumb', USER: 'olga', RAMAL_DATABASE_URL: olga.databaseUrl }
  const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(input)
  const closed = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code, out, err }
}

t.test('the process reads standard input, prints output and errors to their streams, and exits with 0 or 1', async (t) => {
  const { slug } = await scene(olga.db)
  const [help, answer, none, wrong, half] = await Promise.all([
    run([...program, '--help']),
    run([...program, 'do-not-call', 'add', slug, '11987654321', '--json']),
    run([...program, 'tenant', 'show', 'auto-lua']),
    run([...program, 'tenat']),
    run([...program, 'do-not-call', 'import', slug, '-'], '11987654322\n9999\n'),
  ])
  t.match(help, { code: 0, out: /^Usage: ramal/, err: '' })
  t.match(answer, { code: 0, out: /"added": 1/, err: '' })
  t.match(none, { code: 1, out: '', err: 'The company "auto-lua" does not exist. "ramal tenant list" shows all companies.\n' })
  t.match(wrong, { code: 1, out: '', err: /unknown command 'tenat'/ })
  t.match(half, {
    code: 1,
    out: /^1 added, 0 already on the list, 1 lines are not phone numbers\.\n/,
    err: /^Line 2 is not a phone number \(.+\): 9999\n$/,
  })
  t.match(
    await olga.json('do-not-call', 'list', slug, '--search', '987654321'),
    [{ author: 'olga' }],
    'the user of the process is the author',
  )
})

t.test('in a terminal, typing the short name of the company confirms its suspension', async (t) => {
  const { slug, tenantId } = await scene(olga.db)
  const status = async () => (await findTenant(olga.db, tenantId)).status
  const suspend = [...program, 'tenant', 'suspend', slug]
  // `script` runs it in a pseudo-terminal, which shows both of its streams.
  const typing = (text: string) => run(['script', '--quiet', '--return', '--command', suspend.join(' '), '/dev/null'], `${text}\n`)
  t.match(await typing('padaria'), { code: 1, out: /Type sol-\d+ to continue: .*Not confirmed\. Nothing has changed/s })
  t.equal(await status(), 'active')
  t.match(await typing(slug), { code: 0, out: /Padaria Sol \d+ is suspended/ })
  t.equal(await status(), 'suspended')
})
