type Side = 'left' | 'right'

/**
 * Rows under the headings of `columns` (`{ slug: 'left', balance: 'right' }`), or the text `whenEmpty`. Control characters are
 * removed, because cells hold text from users and files.
 */
export function table(columns: Record<string, Side>, rows: string[][], whenEmpty: string): string {
  return rows.length === 0 ? whenEmpty : lines(Object.values(columns), [Object.keys(columns), ...rows])
}

/** Properties and their values, one per line. */
export function propertyTable(pairs: [name: string, value: string][]): string {
  return lines(['left', 'left'], pairs)
}

function lines(sides: Side[], rows: string[][]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll(/\p{Cc}+/gu, ' ')))
  const widths = sides.map((_, column) => Math.max(...cells.map((row) => [...(row[column] ?? '')].length)))
  const pad = (cell: string, column: number) => {
    const space = ' '.repeat((widths[column] ?? 0) - [...cell].length)
    return sides[column] === 'right' ? space + cell : cell + space
  }
  return cells.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}
