import { numberColumns } from '../contacts/imports/layout.ts'
import { readRow, type RowReading } from '../contacts/imports/read-row.ts'
import { destinationClasses } from '../telephony/destination-classes.ts'

const layout = { columns: ['number'] as const, heading: [] }
const allowed = new Set(destinationClasses)

/** Reads a row of one cell, in a company that may call every number, where numbers without an area code are of `areaCode`. */
export function readImportCell(text: string, areaCode: string): RowReading {
  const row = { line: 1, text, cells: [text], fault: null }
  return readRow(row, { ...layout, numberColumns: numberColumns(layout), assumedAreaCode: areaCode, allowed, agents: new Map() })
}
