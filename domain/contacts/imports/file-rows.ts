import { readCsvRows, type CsvRow } from './csv-rows.ts'

/** The rows of a file without its heading. */
export function* fileRows({ content, has_heading }: { content: string | null; has_heading: number }): Generator<CsvRow, void> {
  const rows = readCsvRows(content ?? '')
  if (has_heading > 0) rows.next()
  yield* rows
}

/** The first row of a file; empty if it cannot be read. */
export function firstRow(content: string): readonly string[] {
  const [first] = readCsvRows(content)
  return first?.cells ?? []
}
