/** What a test file counted, from the line that tap writes at its end; null when it wrote none. */
export function tapCounts(output: string): { passed: number; failed: number } | null {
  const summary = /^# \{ total: (\d+)(.*)\}$/m.exec(output)
  if (!summary) return null
  const failed = Number(/ fail: (\d+)/.exec(summary[2] ?? '')?.[1] ?? 0)
  return { passed: Number(summary[1]) - failed, failed }
}
