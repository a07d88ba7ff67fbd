/** What a column of a file means; '' = ignored. Several columns may hold numbers: each number becomes a lead. */
export const columnKinds = ['', 'number', 'name', 'company', 'tags'] as const
export type ColumnKind = (typeof columnKinds)[number]

const headings: [Exclude<ColumnKind, ''>, RegExp][] = [
  ['number', /^(telefones?|fones?|celular(es)?|whats ?app|tel|numeros?( de telefone)?|phones?( number)?|mobile( phone)?|numbers?)( ?\d)?$/],
  ['company', /^(empresa|companhia|razao social|nome fantasia|conta|organizacao|company( name)?|account|organi[sz]ation)$/],
  ['tags', /^(etiquetas?|tags?|marcador(es)?|labels?|categorias?|segmento)$/],
  ['name', /^(nome( completo)?|contato|cliente|lead|pessoa|name|full name|contact( name)?|first name|customer)$/],
]

/** Whether the first row is a heading: it holds no phone number, and either a known name or no digit at all. */
export function isHeading(first: readonly string[]): boolean {
  const named = first.some((cell) => kindOfHeading(cell) !== '')
  const numbers = first.some((cell) => cell.replace(/\D/g, '').length >= 8)
  return !numbers && (named || first.every((cell) => !/\d/.test(cell)))
}

/** Guesses the meaning of each column from the heading, if any, and from the content. */
export function guessColumns(heading: readonly string[] | null, rows: readonly (readonly string[])[]): ColumnKind[] {
  const width = Math.min(50, Math.max(heading?.length ?? 0, ...rows.map((row) => row.length)))
  const kinds = Array.from({ length: width }, (_, column) => kindOfHeading(heading?.[column] ?? ''))
  if (!kinds.includes('number')) {
    const looks = Array.from({ length: width }, (_, column) => rows.filter((row) => looksLikeNumber(row[column] ?? '')).length)
    const best = looks.indexOf(Math.max(...looks))
    if ((looks[best] ?? 0) > 0) kinds[best] = 'number'
  }
  if (!kinds.includes('name')) {
    const free = kinds.findIndex((kind, column) => kind === '' && rows.some((row) => /\p{L}/u.test(row[column] ?? '')))
    if (free !== -1) kinds[free] = 'name'
  }
  return kinds
}

function kindOfHeading(text: string): ColumnKind {
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[_\-./:*]+/g, ' ')
    .trim()
    .toLowerCase()
  return headings.find(([, pattern]) => pattern.test(plain))?.[0] ?? ''
}

function looksLikeNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '').length
  return digits >= 8 && digits / Math.max(1, text.replace(/\s/g, '').length) > 0.6
}
