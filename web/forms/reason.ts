import type { Request } from 'express'
import { oneLine } from '../../domain/runtime/one-line.ts'
import { field } from '../http/request.ts'

/** As much as the list keeps. */
export const longestReason = 200

/** Why somebody is not to be called, as typed, in one line. */
export function readReason(req: Request): string {
  return oneLine(field(req, 'reason'))
}
