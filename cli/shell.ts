import { Command } from 'commander'
import type { Readable, Writable } from 'node:stream'

/** The environment and streams of one run of the program: those of a process, or of a test that runs it many times in one process. */
export interface Shell {
  env: NodeJS.ProcessEnv
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable
  stderr: Writable
}

/** A command with its shell, which its subcommands share. Commander passes the command to its action as the last argument. */
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
