import type { Request } from 'express'
import { atLocalTime, dayAfter, localTime } from '../../domain/runtime/local-time.ts'
import { field } from '../http/request.ts'

const minuteMs = 60_000
const nineOClock = 9 * 60
/** Beyond this the year is probably mistyped. */
const furthestMs = 366 * 24 * 60 * minuteMs

/** The time chosen in a form with `tasks/_times`, in `timeZone`; null if it is invalid or not in the future. */
export function readCallbackTime(req: Request, timeZone: string, now: Date): Date | null {
  const when = field(req, 'when')
  if (when === '15m') return new Date(now.getTime() + 15 * minuteMs)
  if (when === '1h') return new Date(now.getTime() + 60 * minuteMs)
  if (when === 'tomorrow') return atLocalTime(dayAfter(localTime(now, timeZone).day), nineOClock, timeZone)
  const at = readLocalTime(field(req, 'at'), timeZone)
  return at && at > now && at.getTime() - now.getTime() < furthestMs ? at : null
}

/** `2026-11-25T09:30`, as browsers send a day and a time. */
function readLocalTime(text: string, timeZone: string): Date | null {
  const [, day = '', hour = '', minute = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)$/.exec(text) ?? []
  if (Number.isNaN(Date.parse(`${day}T${hour}:${minute}Z`))) return null
  return atLocalTime(day, Number(hour) * 60 + Number(minute), timeZone)
}
