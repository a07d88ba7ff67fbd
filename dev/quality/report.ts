/** What ran: a check or a test file. */
export interface Result {
  name: string
  level: string
  passed: number
  failed: number
  seconds: number
  cpuSeconds: number
}

const slowestShown = 12

/** A row for each level, the slowest files, and the sum. Ends with `N passed, N failed`. */
export function reportLines(results: Result[], levels: { name: string; what: string }[], wallSeconds: number): string[] {
  const rows = levels.flatMap(({ name, what }) => {
    const own = results.filter(({ level }) => level === name)
    if (own.length === 0) return []
    const counts = `${count(own, 'passed')} passed ${String(sum(own, 'failed')).padStart(4)} failed`
    return [`${name.padEnd(8)} ${counts} ${seconds(sum(own, 'seconds'))} s ${seconds(sum(own, 'cpuSeconds'))} s of processor   ${what}`]
  })
  const slowest = [...results].sort((a, b) => b.seconds - a.seconds).slice(0, slowestShown)
  return [
    '',
    ...rows,
    ...(results.length > 1 ? ['', 'slowest:'] : []),
    ...(results.length > 1
      ? slowest.map((one) => `  ${seconds(one.seconds)} s ${seconds(one.cpuSeconds)} s of processor   ${one.name}`)
      : []),
    '',
    `${wallSeconds.toFixed(1)} s, ${sum(results, 'cpuSeconds').toFixed(1)} s of processor`,
    `${sum(results, 'passed')} passed, ${sum(results, 'failed')} failed`,
  ]
}

export function sum(results: Result[], key: 'passed' | 'failed' | 'seconds' | 'cpuSeconds'): number {
  return results.reduce((total, result) => total + result[key], 0)
}

function count(results: Result[], key: 'passed'): string {
  return String(sum(results, key)).padStart(6)
}

function seconds(value: number): string {
  return value.toFixed(1).padStart(7)
}
