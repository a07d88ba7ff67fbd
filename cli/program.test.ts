import type { Command } from 'commander'
import t from 'tap'
import { runs } from './testing/operator.ts'
import { ramalProgram } from './program.ts'

t.test('every verb describes itself and its arguments, and can print JSON', async (t) => {
  const leaves = (command: Command): Command[] => (command.commands.length === 0 ? [command] : command.commands.flatMap(leaves))
  const verbs = leaves(ramalProgram(process))
  t.ok(verbs.length > 35)
  for (const verb of verbs) {
    const name = `${verb.parent?.name()} ${verb.name()}`
    t.ok(verb.description() && verb.parent?.description(), name)
    for (const argument of verb.registeredArguments) t.ok(argument.description, `${name} <${argument.name()}>`)
    for (const option of verb.options) t.ok(option.description, `${name} ${option.flags}`)
    t.ok(
      verb.options.some((option) => option.long === '--json'),
      `${name} --json`,
    )
  }
})

t.test('help at each level needs no database', async (t) => {
  t.match(await runs(['--help']), { code: 0, err: '', out: /Commands:\n +tenant .*companies/ })
  t.match(await runs(['minutes', '--help']), { code: 0, err: '', out: /top-up .* adds minutes that a company bought/ })
  t.match(await runs(['minutes', 'correct', '--help']), { code: 0, err: '', out: /<seconds>|seconds +\+90 or -90/ })
})

t.test('a wrong command prints an error on standard error, and how to get help', async (t) => {
  t.match(await runs([]), { code: 1, out: '', err: /Usage: ramal/ })
  t.match(await runs(['tenat', 'list']), { code: 1, out: '', err: /unknown command 'tenat'\n\(Did you mean tenant\?\)/ })
  t.match(await runs(['tenant', 'show']), {
    code: 1,
    out: '',
    err: /missing required argument 'slug'\n\(add --help for help\)/,
  })
})

t.test('without a database, one line says what is wrong', async (t) => {
  t.match(await runs(['tenant', 'list']), { code: 1, out: '', err: /RAMAL_DATABASE_URL/ })
  const down = await runs(['tenant', 'list'], { env: { RAMAL_DATABASE_URL: 'mysql://ramal:s3cret@127.0.0.1:1/ramal' } })
  t.same(down, { code: 1, out: '', err: 'The database does not answer (ECONNREFUSED).\n' })
})
