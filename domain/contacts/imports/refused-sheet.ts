import { readCsvRows } from './csv-rows.ts'
import { plainHeading } from './headings.ts'
import { withTextMarks } from './text-marks.ts'

/**
 * The rows of a sheet of refused rows: the columns of the file, and why each row is refused. Once corrected, the sheet is imported
 * like the file. A row that cannot be read stands in the first cell as it is.
 */
export class RefusedSheet {
  readonly #heading: readonly string[]
  readonly #separator: string
  readonly #width: number

  /** `heading`: of the file, or the names of its columns; its own reason column, if it has one, is that of an earlier sheet. */
  constructor(heading: readonly string[], separator: string, reasonName: string) {
    const last = heading.at(-1)
    const hasReason = last !== undefined && plainHeading(last) === plainHeading(reasonName)
    this.#width = hasReason ? heading.length - 1 : heading.length
    this.#heading = [...heading.slice(0, this.#width), reasonName].map(withTextMarks)
    this.#separator = separator
  }

  get heading(): readonly string[] {
    return this.#heading
  }

  row(text: string, reason: string): string[] {
    const [read] = readCsvRows(text, this.#separator)
    const cells = read?.cells ?? [text]
    return [...Array.from({ length: this.#width }, (_, n) => cells[n] ?? ''), reason].map(withTextMarks)
  }
}
