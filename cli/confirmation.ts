import { createInterface } from 'node:readline/promises'
import { UserError } from './user-error.ts'
import type { Shell, ShellCommand } from './shell.ts'

/** Adds `--yes`, for a command that asks before it does something that hurts. */
export function asking(command: ShellCommand): ShellCommand {
  return command.option('--yes', 'do it without asking')
}

export interface Asking {
  yes?: boolean | undefined
}

/**
 * Says what is about to happen and goes on only when `word` (the company's short name) is typed, or --yes was. Where nobody
 * can be asked, the answer is no. Ask outside of a transaction: people type slowly.
 */
export async function confirm(shell: Shell, whatHappens: string, word: string, { yes }: Asking): Promise<void> {
  if (yes) return
  if (!shell.stdin.isTTY) throw new UserError(`${whatHappens} Nobody is there to confirm it; with --yes it is done. Nothing has changed.`)
  const typed = await ask(shell, `${whatHappens}\nType ${word} to go on: `)
  if (typed?.trim() !== word) throw new UserError('Not confirmed. Nothing has changed.')
}

/** What was typed; null for an end of input or Ctrl-C. The question is no part of the answer, so it goes to standard error. */
async function ask({ stdin, stderr }: Shell, question: string): Promise<string | null> {
  const terminal = createInterface({ input: stdin, output: stderr })
  const closed = new Promise<null>((resolve) => terminal.once('close', () => resolve(null)))
  try {
    return await Promise.race([terminal.question(question), closed])
  } finally {
    terminal.close()
  }
}
