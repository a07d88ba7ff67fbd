import type { Request } from 'express'
import { oneLine } from '../../domain/runtime/one-line.ts'
import { field } from '../http/request.ts'

/** Characters that the list stores. */
export const longestReason = 200

/** The reason for a do-not-call entry, in one line. */
export function readReason(req: Request): string {
  return oneLine(field(req, 'reason'))
}
