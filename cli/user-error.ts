/** What the person at the keyboard can put right: its message is a sentence for them. */
export class UserError extends Error {}

/** A sentence for whatever ended a command. */
export function errorMessage(error: unknown): string {
  if (error instanceof UserError) return error.message
  const { code, message } = error as { code?: string; message: string }
  if (code === 'ECONNREFUSED' || code === 'ETIMEDOUT' || code === 'ENOTFOUND') return `The database does not answer (${code}).`
  if (code === 'ER_ACCESS_DENIED_ERROR') return 'The database refuses the user or password of RAMAL_DATABASE_URL.'
  if (code === 'ER_NO_SUCH_TABLE') return 'The database has no tables yet, or old ones: npm run migrate makes them.'
  // Two people did the same at the same moment.
  if (code === 'ER_DUP_ENTRY') return 'Somebody has just added the same. Nothing has changed; look again.'
  return message
}
