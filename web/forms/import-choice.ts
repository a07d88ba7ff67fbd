import { guessColumns, isHeading } from '../../domain/contacts/imports/columns.ts'
import { separatorOf } from '../../domain/contacts/imports/csv-rows.ts'
import { firstRow } from '../../domain/contacts/imports/file-rows.ts'
import { columnKinds, meaningOfHeading, type ColumnKind } from '../../domain/contacts/imports/headings.ts'
import type { ContactImport } from '../../domain/contacts/imports/imports.ts'
import { storedChoice, type Choice } from '../../domain/contacts/imports/reading.ts'
import { sampleFile, type FileSample } from '../../domain/contacts/imports/sample-file.ts'
import { readTags } from '../../domain/contacts/tags.ts'
import { mostColumns } from '../../domain/runtime/sheet-limits.ts'

/** How the preview of a file reads it. */
export interface ImportForm extends Choice {
  separator: string
  tag: string
  sample: FileSample
}

/** A form, or a query with the same names. */
export type Fields = Record<string, unknown>

/** The choice that `fields` make, if they are a form of columns; else the one that is stored; else a guess. */
export async function readImportForm(work: ContactImport, fields: Fields): Promise<ImportForm> {
  const content = work.content ?? ''
  const separator = separatorOf(content)
  const first = firstRow(content)
  if (isForm(fields)) {
    const heading = text(fields, 'heading') === '1' ? first : []
    const sample = await sampleFile({ content, has_heading: heading.length })
    const [tag = ''] = readTags(text(fields, 'tag'))
    return { columns: chosenColumns(fields, heading), heading, assumesAreaCode: text(fields, 'assume') === '1', separator, tag, sample }
  }
  const stored = storedChoice(work)
  if (stored.columns.length > 0) return { ...stored, separator, tag: work.tag, sample: await sampleFile(work) }
  const heading = isHeading(first) ? first : []
  const sample = await sampleFile({ content, has_heading: heading.length })
  const [tag = ''] = readTags(work.file_name.replace(/\.\w{1,5}$/, ''))
  return { columns: guessColumns(heading, sample.rows), heading, assumesAreaCode: false, separator, tag, sample }
}

export function isForm(fields: Fields): boolean {
  return typeof fields['column-0'] === 'string'
}

/** `column-0`, `column-1` … as far as they go. A column of tax numbers, dates or values is never dialled. */
function chosenColumns(fields: Fields, heading: readonly string[]): ColumnKind[] {
  const columns: ColumnKind[] = []
  for (let n = 0; n < mostColumns && typeof fields[`column-${n}`] === 'string'; n++) {
    const kind = columnKinds.find((each) => each === fields[`column-${n}`]) ?? ''
    columns.push(kindsFor(heading[n] ?? '').includes(kind) ? kind : '')
  }
  return columns
}

/** What a person may choose for a column with this heading. */
export function kindsFor(heading: string): readonly ColumnKind[] {
  return meaningOfHeading(heading).isNeverNumber ? columnKinds.filter((kind) => kind !== 'number') : columnKinds
}

function text(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}
