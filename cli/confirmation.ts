import { createInterface } from 'node:readline/promises'
import { UserError } from './user-error.ts'
import type { Shell, ShellCommand } from './shell.ts'

/** Adds `--yes`, for a command that does harm and asks for a confirmation first. */
export function withYesOption(command: ShellCommand): ShellCommand {
  return command.option('--yes', 'do it without asking')
}

export interface YesOption {
  yes?: boolean | undefined
}

/**
 * Says what is about to happen, and continues only if the user types `word` (the company's short name) or gave --yes. Without
 * a terminal the answer is no. Call it outside of a transaction: the user takes time to answer.
 */
export async function confirm(shell: Shell, consequence: string, word: string, { yes }: YesOption): Promise<void> {
  if (yes) return
  if (!shell.stdin.isTTY) throw new UserError(`${consequence} Nothing has changed: run it in a terminal to confirm, or with --yes.`)
  const typed = await ask(shell, `${consequence}\nType ${word} to continue: `)
  if (typed?.trim() !== word) throw new UserError('Not confirmed. Nothing has changed.')
}

/** The line that the user types; null for an end of input or Ctrl-C. The question goes to standard error, away from the output. */
async function ask({ stdin, stderr }: Shell, question: string): Promise<string | null> {
  const terminal = createInterface({ input: stdin, output: stderr })
  const closed = new Promise<null>((resolve) => terminal.once('close', () => resolve(null)))
  try {
    return await Promise.race([terminal.question(question), closed])
  } finally {
    terminal.close()
  }
}
