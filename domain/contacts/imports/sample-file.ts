import { inTurns } from '../../runtime/sheet-limits.ts'
import { fileRows } from './file-rows.ts'

/** Every row of a small file, and of a large one the first rows and some of each part. */
export interface FileSample {
  rows: (readonly string[])[]
  /** The first cells of each column that are not blank. */
  examples: string[][]
}

const sampledFirst = 200
const sampledEach = 100
const examplesOfEach = 3

/** Reads the whole file, and lets other requests run in between. */
export async function sampleFile(work: { content: string | null; has_heading: number }): Promise<FileSample> {
  const sample: FileSample = { rows: [], examples: [] }
  let read = 0
  for await (const { cells } of inTurns(fileRows(work), ({ text }) => text)) {
    if (cells === null) continue
    if (read < sampledFirst || read % sampledEach === 0) sample.rows.push(cells)
    read += 1
    for (const [column, cell] of cells.entries()) {
      const examples = (sample.examples[column] ??= [])
      if (cell !== '' && examples.length < examplesOfEach && !examples.includes(cell)) examples.push(cell.slice(0, 80))
    }
  }
  return sample
}
