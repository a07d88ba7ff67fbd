import t from 'tap'
import { guessColumns, isHeading, readAreaCode } from './columns.ts'
import { isTaxNumber } from './documents.ts'

const headed = (heading: string, ...rows: string[]) =>
  guessColumns(
    heading.split(';'),
    rows.map((row) => row.split(';')),
  )
const bare = (...rows: string[]) =>
  guessColumns(
    null,
    rows.map((row) => row.split(';')),
  )

t.test('the meaning of a column is guessed from its heading in Portuguese or English, or from its values', (t) => {
  t.same(guessColumns(['Razão Social', 'Nome Completo', 'E-mail', 'Celular 1', 'Telefone'], []), [
    'company',
    'name',
    'email',
    'number',
    'number',
  ])
  t.same(guessColumns(['Phone Number', 'Full Name', 'Company', 'Tags'], []), ['number', 'name', 'company', 'tags'])
  t.same(guessColumns(null, [['1', 'Maria Souza', '(11) 98765-4321']]), ['', 'name', 'number'])
  t.ok(isHeading(['Nome', 'Telefone 2']))
  t.notOk(isHeading(['Maria', '11987654321']))
  t.end()
})

t.test('a tax number, a date, a value, an id or a fax is never guessed as a telephone, whatever its cells look like', (t) => {
  const phone = '(21) 98765-4001'
  for (const heading of [
    'CPF',
    'CPF/CNPJ',
    'CNPJ do cliente',
    'CEP',
    'RG',
    'Data',
    'Data de nascimento',
    'Valor',
    'ID',
    'Record ID',
    'Fax',
  ])
    t.same(headed(`Nome;${heading}`, `Ana;${phone}`, `Bia;${phone}`), ['name', 'field'], heading)
  t.same(headed('Nome;FAX;DDD FAX;Código', `Ana;${phone};21;${phone}`), ['name', 'field', 'field', 'field'])
  t.end()
})

t.test('a column without a heading whose cells are CPFs by their check digits is no telephone', (t) => {
  t.same(bare('Ana;52998224725', 'Bia;11144477735', 'Caio;12345678909'), ['name', ''])
  t.same(bare('Ana;52998224725;21987654001', 'Bia;11144477735;21987654002'), ['name', '', 'number'])
  t.ok(isTaxNumber('529.982.247-25'))
  t.ok(isTaxNumber('11.222.333/0001-81'))
  t.ok(isTaxNumber('191'.padStart(11, '0')))
  t.notOk(isTaxNumber('52998224726'))
  t.notOk(isTaxNumber('11111111111'))
  t.notOk(isTaxNumber('(21) 98765-4001'))
  t.end()
})

t.test('a column without a heading whose cells hold nothing but addresses is one of e-mails', (t) => {
  t.same(bare('Ana;ana@example.com;(21) 98765-4001', 'Bia;bia@example.com, b@example.com;(21) 98765-4002'), ['name', 'email', 'number'])
  t.same(bare('Ana ana@example.com;(21) 98765-4001'), ['name', 'number'])
  t.same(headed('E-mail;Telefone', '@.@.@. x;(21) 98765-4001'), ['name', 'number'])
  t.end()
})

t.test('most cells decide, over the whole sample: not the first rows, and not digits alone', (t) => {
  const rows = Array.from({ length: 20 }, (_, n) => `20040${String(n).padStart(3, '0')};Ana ${n};${n < 8 ? '' : `2198765${4000 + n}`}`)
  t.same(bare(...rows), ['', 'name', 'number'], 'postal codes have eight digits')
  t.same(headed('Nome;Contato', 'Ana;Bia', 'Caio;(21) 98765-4001', 'Du;Eva'), ['name', 'field'], 'a contact that is a person')
  t.same(headed('Contato;Número', 'Ana;(21) 98765-4001', 'Bia;(21) 98765-4002'), ['name', 'number'])
  t.same(headed('Nome;WhatsApp opt-in;Telefone', 'Ana;sim;2133334001'), ['name', 'field', 'number'])
  t.same(headed('Rua;Número;Telefone', 'Rua Um;120;2133334001'), ['name', 'field', 'number'])
  t.same(headed('Ana;x', 'Bia;98765-4001'), ['name', 'number'])
  t.same(headed('Pedido;Vendido em', '2133334001;21/11/2026'), ['field', 'field'], 'nothing looks like a telephone')
  t.end()
})

t.test('an area code may have its own column, numbered as the telephones are', (t) => {
  t.same(headed('DDD1;TELEFONE1;DDD2;TELEFONE2', '21;33334001;;', '85;33334002;85;33334003'), [
    'area-code',
    'number',
    'area-code',
    'number',
  ])
  t.same(headed('Nome;Código de área;Fone', 'Ana;21;33334001'), ['name', 'area-code', 'number'])
  t.same(headed('Nome;Área;Fone', 'Ana;Vendas;2133334001'), ['name', 'field', 'number'])
  t.same(headed('Nome;DDD Telefone', 'Ana;2133334001'), ['name', 'number'])
  t.same(['21', '(21)', '021', '21.0', ' 85 ', '20', '2', '2133', ''].map(readAreaCode), [
    '21',
    '21',
    '21',
    '21',
    '85',
    null,
    null,
    null,
    null,
  ])
  t.end()
})

t.test('a full name stands for first and last; without a person, the trade name is the name', (t) => {
  t.same(headed('Name;Given Name;Family Name;Phone', 'Ana Sá;Ana;Sá;1234'), ['name', '', '', 'number'])
  t.same(headed('Cliente;Contato;Telefone', 'Um Ltda;Ana;1234'), ['name', 'field', 'number'], 'nothing is lost')
  t.same(headed('Nome;Sobrenome;Celular', 'Ana;Sá;1234'), ['name', 'last-name', 'number'])
  t.same(headed('First Name;Last Name;Phone', 'Ana;Sá;1234'), ['name', 'last-name', 'number'])
  t.same(headed('Razão social;Nome fantasia;Telefone', 'Um Ltda;Um;1234'), ['company', 'name', 'number'])
  t.same(headed('Nome;Empresa;Razão social;Telefone', 'Ana;Um;Um Ltda;1234'), ['name', 'company', 'field', 'number'])
  t.end()
})
