import { inTurns } from '../../runtime/sheet-limits.ts'
import type { CsvRow } from './csv-rows.ts'
import { fileRows } from './file-rows.ts'
import { readRow, type Reading, type RowFault, type RowReading } from './read-row.ts'

/** What an import of the whole file would do, apart from leads that are there already. */
export interface FileCheck {
  rows: number
  leads: number
  /** Cells that stay out although their row comes in. */
  leftOut: number
  /** The first rows, and what becomes of them. */
  first: { row: CsvRow; reading: RowReading }[]
  /** Refused rows by reason, the most frequent first. */
  refused: { fault: RowFault; count: number; rows: CsvRow[] }[]
  /** Rows with a number without an area code. */
  withoutAreaCode: { count: number; rows: CsvRow[] }
}

const shownFirst = 5
const shownOfEach = 5

/** Reads the whole file without storing anything, and lets other requests run in between. */
export async function checkFile(work: { content: string | null; has_heading: number }, reading: Reading): Promise<FileCheck> {
  const check: FileCheck = { rows: 0, leads: 0, leftOut: 0, first: [], refused: [], withoutAreaCode: { count: 0, rows: [] } }
  for await (const row of inTurns(fileRows(work), ({ text }) => text)) {
    const read = readRow(row, reading)
    check.rows += 1
    check.leads += read.leads.length
    check.leftOut += read.leftOut.length
    if (check.first.length < shownFirst) check.first.push({ row, reading: read })
    if (read.fault !== null) note(reasonIn(check, read.fault), row)
    if (read.withoutAreaCode > 0) note(check.withoutAreaCode, row)
  }
  check.refused.sort((a, b) => b.count - a.count)
  return check
}

function note(group: { count: number; rows: CsvRow[] }, row: CsvRow): void {
  group.count += 1
  if (group.rows.length < shownOfEach) group.rows.push(row)
}

function reasonIn({ refused }: FileCheck, fault: RowFault): FileCheck['refused'][number] {
  const known = refused.find((each) => each.fault === fault)
  if (known) return known
  const added = { fault, count: 0, rows: [] }
  refused.push(added)
  return added
}
