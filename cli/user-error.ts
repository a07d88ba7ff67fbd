/** An error that the user of the command line can correct. Its message is one line for them. */
export class UserError extends Error {}

/** The line that the command line prints for any error. */
export function errorMessage(error: unknown): string {
  if (error instanceof UserError) return error.message
  const { code, message } = error as { code?: string; message: string }
  if (code === 'ECONNREFUSED' || code === 'ETIMEDOUT' || code === 'ENOTFOUND') return `The database does not answer (${code}).`
  if (code === 'ER_ACCESS_DENIED_ERROR') return 'The database refuses the user or password of RAMAL_DATABASE_URL.'
  if (code === 'ER_NO_SUCH_TABLE') return 'The tables of the database are missing or out of date: run "npm run migrate".'
  // Another command added the same a moment ago.
  if (code === 'ER_DUP_ENTRY') return 'The same was added a moment ago by another command. Nothing has changed; check, and try again.'
  return message
}
