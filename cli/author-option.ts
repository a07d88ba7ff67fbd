import type { ShellCommand } from './shell.ts'
import { textUpTo } from './arguments.ts'

/** Adds `--author`: who answers for it. Whoever typed sudo, unless another is named. */
export function authored(command: ShellCommand): ShellCommand {
  const { SUDO_USER, USER } = command.shell.env
  return command.requiredOption('--author <name>', 'who answers for it', textUpTo(120), SUDO_USER || USER || undefined)
}

export interface Authored {
  author: string
}
