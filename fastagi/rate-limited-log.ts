import type { Log } from '../domain/runtime/log.ts'

/**
 * Limits warnings that an outsider can cause at will to `most` per window. The first line of the next window says how many were
 * left out.
 */
export function rateLimited(log: Log, most = 10, windowMs = 10_000): (fields: object, message: string) => void {
  let windowEnds = 0
  let written = 0
  let leftOut = 0
  return (fields, message) => {
    const now = performance.now()
    if (now >= windowEnds) {
      windowEnds = now + windowMs
      written = 0
    }
    if (written++ >= most) {
      leftOut++
      return
    }
    log.warn(leftOut === 0 ? fields : { ...fields, leftOut }, message)
    leftOut = 0
  }
}
