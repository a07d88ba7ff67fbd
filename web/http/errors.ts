/** A request that is refused with the HTTP status `status`. */
export class HttpError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

/** Also for an object of another user or company. */
export function notFound(): HttpError {
  return new HttpError(404, 'not-found')
}

/** The row, or a 404 if there is none. */
export function found<T>(row: T | null | undefined): T {
  if (row === null || row === undefined) throw notFound()
  return row
}

/** The id in an address such as `/contacts/12`; anything else is a 404. */
export function idIn(text: string | string[] | undefined): number {
  const id = typeof text === 'string' ? readId(text) : null
  if (id === null) throw notFound()
  return id
}

/** The number in an address, which has it without its plus: `/do-not-call/5511987654321/removal`. */
export function e164In(digits: string | undefined): string {
  if (digits === undefined || !/^\d{5,15}$/.test(digits)) throw notFound()
  return `+${digits}`
}

/** A number in the form of an id; null for anything else. */
export function readId(text: string): number | null {
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null
}

/** A moment as our answers write it, `2026-11-25T12:30:00.000Z`, that the database can hold; null for anything else. */
export function readMoment(text: string): Date | null {
  const moment = /^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) ? new Date(text) : null
  return moment === null || Number.isNaN(moment.getTime()) ? null : moment
}

/** The milliseconds of a moment, as an address has them; null for anything else. */
export function readMilliseconds(text: string | undefined): Date | null {
  return text !== undefined && /^\d{1,13}$/.test(text) ? new Date(Number(text)) : null
}

const connectionFailures = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'POOL_CLOSED',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
  'ER_ACCESS_DENIED_ERROR',
  'ER_CONNECTION_KILLED',
  'ER_NEW_ABORTING_CONNECTION',
])

/** Whether an error means that the database is unreachable, not that a query was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return connectionFailures.has(code ?? '') || /queue limit reached|pool is closed|closed state/i.test(message ?? '')
}
