import t from 'tap'
import { runBounded } from './run-bounded.ts'

t.test('a program returns its output', async (t) => {
  const ended = await runBounded('sh', ['-c', 'echo good; echo bad >&2; exit 3'], { timeoutMs: 10_000 })
  t.same(ended, { code: 3, stdout: 'good\n', stderr: 'bad\n' })
})

t.test('a program that ignores SIGTERM ends with its children at the time limit', async (t) => {
  const script = "trap '' TERM; sleep 1007 & wait"
  const startedAtMs = performance.now()
  await t.rejects(runBounded('sh', ['-c', script], { timeoutMs: 500 }), { message: 'no answer within 0.5 s' })
  t.ok(performance.now() - startedAtMs < 10_000)
  const left = await runBounded('pgrep', ['-f', '^sleep 1007$'], { timeoutMs: 10_000 })
  t.equal(left.stdout, '', 'no child process is left')
})

t.test('a missing program is a distinct error', async (t) => {
  await t.rejects(runBounded('/nowhere/asterisk', [], { timeoutMs: 1000 }), { code: 'ENOENT' })
})
