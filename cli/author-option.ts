import type { ShellCommand } from './shell.ts'
import { textUpTo } from './arguments.ts'

/** Adds `--author`, the person who is responsible. By default the Unix user who ran sudo. */
export function withAuthorOption(command: ShellCommand): ShellCommand {
  const { SUDO_USER, USER } = command.shell.env
  return command.requiredOption('--author <name>', 'who is responsible', textUpTo(120), SUDO_USER || USER || undefined)
}

export interface AuthorOption {
  author: string
}
