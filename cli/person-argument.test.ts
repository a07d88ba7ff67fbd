import t from 'tap'
import { agentArgument, personArgument } from './person-argument.ts'

t.test('people are given as name, e-mail and extension', async (t) => {
  t.same(personArgument('Márcia Prates <Marcia@Sol.example>'), { name: 'Márcia Prates', email: 'marcia@sol.example' })
  t.same(agentArgument(' 101 Ana Ribeiro <ana@sol.example> '), { name: 'Ana Ribeiro', email: 'ana@sol.example', extension: '101' })
  for (const text of ['', 'Márcia', '<m@sol.example>', 'Márcia <m>', 'Márcia <m@sol.example', 'Márcia <a b@sol.example>'])
    t.throws(() => personArgument(text), { message: 'It must be "Name <e-mail>".' }, text)
  for (const text of ['', 'Ana <ana@sol.example>', '1 Ana <ana@sol.example>', '1234567 Ana <ana@sol.example>'])
    t.throws(() => agentArgument(text), { message: /2 to 6 digits/ }, text)
  t.throws(() => agentArgument('190 Ana <ana@sol.example>'), { message: '190 is an emergency number and cannot be an extension.' })
  t.throws(() => agentArgument('101 Ana'), { message: /Name <e-mail>/ })
})
