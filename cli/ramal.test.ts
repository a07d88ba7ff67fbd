import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { findTenant } from '../domain/tenants/tenants.ts'
import { operator, type Run } from '../domain/testing/operator.ts'
import { scene } from '../domain/testing/scene.ts'

// Every other test runs the program in its own process. What only a process has is here: exit code, streams, a terminal.
const olga = await operator(t)
const program = [process.execPath, 'cli/ramal.ts']

async function started([file = '', ...args]: string[], input = ''): Promise<Run> {
  const env = { PATH: process.env['PATH'], TERM: 'dumb', USER: 'olga', RAMAL_DATABASE_URL: olga.databaseUrl }
  const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(input)
  const closed = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code, out, err }
}

t.test('a process reads its input, answers on standard output, says on standard error what is wrong, and ends with 0 or 1', async (t) => {
  const { slug } = await scene(olga.db)
  const [help, answer, none, wrong, half] = await Promise.all([
    started([...program, '--help']),
    started([...program, 'do-not-call', 'add', slug, '11987654321', '--json']),
    started([...program, 'tenant', 'show', 'nobody']),
    started([...program, 'tenat']),
    started([...program, 'do-not-call', 'import', slug, '-'], '11987654322\n9999\n'),
  ])
  t.match(help, { code: 0, out: /^Usage: ramal/, err: '' })
  t.match(answer, { code: 0, out: /"added": 1/, err: '' })
  t.match(none, { code: 1, out: '', err: 'There is no company "nobody". The command "tenant list" shows them all.\n' })
  t.match(wrong, { code: 1, out: '', err: /unknown command 'tenat'/ })
  t.match(half, { code: 1, out: /^1 noted, 0 there already, 1 lines that are no number\.\n/, err: /^Line 2 is no number \(.+\): 9999\n$/ })
  t.match(await olga.json('do-not-call', 'list', slug, '--search', '987654321'), [{ author: 'olga' }], 'whoever typed it answers for it')
})

t.test('in a terminal, a company is suspended by whoever types its name', async (t) => {
  const { slug, tenantId } = await scene(olga.db)
  const status = async () => (await findTenant(olga.db, tenantId)).status
  const suspend = [...program, 'tenant', 'suspend', slug]
  // `script` gives it a pseudo-terminal, where both of its streams end up.
  const typing = (types: string) => started(['script', '--quiet', '--return', '--command', suspend.join(' '), '/dev/null'], `${types}\n`)
  t.match(await typing('padaria'), { code: 1, out: /Type sol-\d+ to go on: .*Not confirmed\. Nothing has changed/s })
  t.equal(await status(), 'active')
  t.match(await typing(slug), { code: 0, out: /Padaria Sol \d+ is suspended/ })
  t.equal(await status(), 'suspended')
})
