import type { Command } from 'commander'
import { textUpTo } from './typed.ts'

/** Adds `--author`: who answers for it. Whoever typed sudo, unless another is named. */
export function authored(command: Command): Command {
  const { SUDO_USER, USER } = process.env
  return command.requiredOption('--author <name>', 'who answers for it', textUpTo(120), SUDO_USER || USER || undefined)
}

export interface Authored {
  author: string
}
