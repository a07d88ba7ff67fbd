/**
 * A mark that keeps a cell a text for a spreadsheet: `'+5511…`. A program that takes another separator than ours splits a cell, so the
 * mark also stands after each separator and line break inside a cell: `Ana;'=1+1`.
 */
const formula = '[ "]*[=+\\-@\\uFF1D\\uFF0B\\uFF0D\\uFF20]'
const unmarked = new RegExp(`(^|[;,|\\t\\r\\n])(?=${formula})`, 'g')
const marked = new RegExp(`(^|[;,|\\t\\r\\n])'(?=${formula})`, 'g')

export function withTextMarks(cell: string): string {
  return cell.replace(unmarked, "$1'")
}

/** The inverse: our own exports and other products write the mark, and it is not part of the cell. */
export function withoutTextMarks(cell: string): string {
  return cell.replace(marked, '$1')
}
