import { pino, stdSerializers, type Logger } from 'pino'

export type Log = Logger

/**
 * Writes JSON lines to standard output, for journald. Lines about a call carry tenantId, callId and uniqueId. Buffers them and
 * writes ten times a second and at exit: one write per line cost a twentieth of fastagi's time per call, and a slow journal would
 * delay calls. Only a killed process loses its last lines.
 */
export function createLog(name: string, level: string): Log {
  return pino(
    {
      name,
      level,
      redact: ['password', 'token', '*.password', '*.token', 'req.headers.cookie'],
      serializers: { err: withoutStatement },
    },
    pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 100 }),
  )
}

/** mysql2 attaches the whole statement to its errors, including values such as digests, sessions and password hashes. */
function withoutStatement(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const fields = Object.entries(stdSerializers.err(error))
  return Object.fromEntries(fields.filter(([name]) => name !== 'sql' && name !== 'sqlMessage'))
}
