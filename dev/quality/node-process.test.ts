import t from 'tap'
import { runNode } from './node-process.ts'

t.test('a program is read to its last line', async (t) => {
  t.match(await runNode(['-e', "console.log('a'.repeat(100000)); console.log('last')"]), { code: 0, output: /a\nlast\n$/ })
})

t.test('a program that leaves a process behind has failed, and is not waited for', async (t) => {
  const leaves = "require('node:child_process').spawn('sleep', ['20'], { stdio: 'inherit', detached: true }).unref(); console.log('done')"
  const { code, output, seconds } = await runNode(['-e', leaves])
  t.match({ code, output }, { code: 1, output: /done/ })
  t.ok(seconds < 15)
})
