import t from 'tap'
import { longestLine, mostColumns } from '../../runtime/sheet-limits.ts'
import { readCsvRows, separatorOf } from './csv-rows.ts'

const rows = (text: string) => [...readCsvRows(text)]

t.test('a sheet in any separator, with quotations, line breaks in them, and rows shorter than the heading', (t) => {
  for (const separator of [',', ';', '\t']) {
    const text = `Nome${separator}Telefone\r\n"Souza${separator} ""Mari""\r\nda Silva"${separator}11987654321\r\n\r\nRui\r\n`
    t.same(
      rows(text).map(({ line, cells }) => [line, cells]),
      [
        [1, ['Nome', 'Telefone']],
        [2, [`Souza${separator} "Mari"\r\nda Silva`, '11987654321']],
        [5, ['Rui']],
      ],
    )
  }
  t.end()
})

t.test('an unclosed quotation makes only its own line faulty', (t) => {
  const half = rows('Nome;Telefone\nAna "Aninha" Lima;11987650001\n"Bia;11987650002\nCaio;11987650003\n"Du')
  t.same(
    half.map(({ line, cells, text }) => [line, cells ?? text]),
    [
      [1, ['Nome', 'Telefone']],
      [2, ['Ana "Aninha" Lima', '11987650001']],
      [3, '"Bia;11987650002'],
      [4, ['Caio', '11987650003']],
      [5, '"Du'],
    ],
  )
  t.end()
})

t.test('a file with different line endings loses no line', (t) => {
  const file = rows('telefone;nome\r\n1;Ana\n\r2;"Bia\r\nLima"\r3;Caio "C" Sá\r4;"Du\n5;Eva\r\n\r\n6;"Fá" x\r7;Gil')
  t.same(
    file.map(({ line, cells, text }) => [line, cells ?? text]),
    [
      [1, ['telefone', 'nome']],
      [2, ['1', 'Ana']],
      [4, ['2', 'Bia\r\nLima']],
      [6, ['3', 'Caio "C" Sá']],
      [7, '4;"Du'],
      [8, ['5', 'Eva']],
      [10, '6;"Fá" x'],
      [11, ['7', 'Gil']],
    ],
  )
  t.end()
})

t.test('a quotation mark inside a cell: every cell stays in its column, or the row is faulty', (t) => {
  const cells = (row: string) =>
    rows(`telefone;empresa;nome\n${row}\n2;;Ana\n3;;"Bia"`).map(({ line, cells, text }) => [line, cells ?? text])
  for (const [row, read, after] of [
    ['1;"Silva; Souza";João "J" X', ['1', 'Silva; Souza', 'João "J" X'], 3],
    ['1;João "J" X;"Silva; ""S"""', ['1', 'João "J" X', 'Silva; "S"'], 3],
    ['1;"Silva;\nSouza";João "J" X', ['1', 'Silva;\nSouza', 'João "J" X'], 4],
    ['1; "Silva" ;João "J" X', ['1', 'Silva', 'João "J" X'], 3],
    ['1; "Silva; Souza";João', '1; "Silva; Souza";João', 3],
    ['1;João "J" X;"Silva "S; Souza"', '1;João "J" X;"Silva "S; Souza"', 3],
    ['1;João "J" X;"Silva', '1;João "J" X;"Silva', 3],
  ] as const)
    t.same(cells(row).slice(1), [
      [2, read],
      [after, ['2', '', 'Ana']],
      [after + 1, ['3', '', 'Bia']],
    ])
  t.end()
})

t.test('a line that is too long or has too many columns makes no other line faulty', (t) => {
  const long = `1;${'1 e '.repeat(longestLine / 4)}`
  const wide = ';'.repeat(mostColumns)
  const open = `"${'x\n'.repeat(longestLine)}`
  t.same(
    rows(`a;b\n${long}\n${wide}\n${';'.repeat(longestLine)}\n2;Ana\n${open}`)
      .slice(0, 6)
      .map(({ line, cells, fault }) => [line, cells ?? fault]),
    [
      [1, ['a', 'b']],
      [2, 'line-long'],
      [3, 'columns-many'],
      [4, 'columns-many'],
      [5, ['2', 'Ana']],
      [6, 'open-quote'],
    ],
  )
  t.equal(rows(','.repeat(8_000_000))[0]?.fault, 'line-long')
  t.equal(rows(wide.slice(1)).length, 0, 'a row of blank cells does not count')
  t.end()
})

t.test('Excel declares the separator in a first line, which is no row', (t) => {
  for (const [text, separator] of [
    ['sep=;\r\nNome;Telefone, fixo\r\nAna;1', ';'],
    ['"sep=\t"\nNome\tTelefone, fixo\nAna\t1', '\t'],
    ['SEP=|\nNome|Telefone, fixo\nAna|1', '|'],
  ] as const) {
    t.equal(separatorOf(text), separator)
    t.same(
      rows(text).map(({ cells }) => cells),
      [
        ['Nome', 'Telefone, fixo'],
        ['Ana', '1'],
      ],
    )
  }
  t.equal(rows('sep=;x\n1')[0]?.text, 'sep=;x')
  t.end()
})

t.test('the mark that keeps a cell a text for a spreadsheet is not part of it', (t) => {
  t.same(rows(`'+5511;"'=1";'-;''x;'Ana`)[0]?.cells, ['+5511', '=1', '-', "''x", "'Ana"])
  t.end()
})
