import { Command } from 'commander'
import type { Readable, Writable } from 'node:stream'

/** Where the program was started: a process of its own, or a test, which starts many in one process. */
export interface Shell {
  env: NodeJS.ProcessEnv
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable
  stderr: Writable
}

/** A command that knows its shell, and so do those below it. Commander hands it to every action, last. */
export class ShellCommand extends Command {
  readonly shell: Shell

  constructor(shell: Shell, name?: string) {
    super(name)
    this.shell = shell
  }

  override createCommand(name?: string): ShellCommand {
    return new ShellCommand(this.shell, name)
  }
}
