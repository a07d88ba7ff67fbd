import { CommanderError } from 'commander'
import { backupCommands } from './backup.ts'
import { callCommands } from './calls.ts'
import { checkCommand } from './check.ts'
import { destinationCommands } from './destinations.ts'
import { doNotCallCommands } from './do-not-call.ts'
import { hoursCommands } from './hours.ts'
import { leadCommands } from './leads.ts'
import { minuteCommands } from './minutes.ts'
import { errorMessage } from './user-error.ts'
import { numberCommands } from './numbers.ts'
import { operatorCommands } from './operators.ts'
import { personCommands } from './people.ts'
import { phoneReportCommands } from './phone-reports.ts'
import { policyCommands } from './policy.ts'
import { rateCommands } from './rates.ts'
import { ShellCommand, type Shell } from './shell.ts'
import { tenantCommands } from './tenants.ts'
import { trunkCommands } from './trunks.ts'

/** Runs the program on what was typed after its name. Returns the exit code: 0, or 1 once standard error says what went wrong. */
export async function runRamal(words: string[], shell: Shell): Promise<number> {
  try {
    await ramalProgram(shell).parseAsync(words, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has said it already: help, or what it did not understand.
    if (error instanceof CommanderError) return error.exitCode
    shell.stderr.write(`${errorMessage(error)}\n`)
    return 1
  }
}

/** The whole command line: nouns, their verbs, and `--help` at each level. Commander keeps what was typed: one for each run. */
export function ramalProgram(shell: Shell): ShellCommand {
  const program = new ShellCommand(shell, 'ramal')
    .description('Looks after this server and its companies. It reads the settings of /etc/ramal/ramal.env from its environment.')
    .showHelpAfterError('(--help after any of the words shows how)')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => shell.stdout.write(text), writeErr: (text) => shell.stderr.write(text) })
  tenantCommands(program)
  personCommands(program)
  operatorCommands(program)
  minuteCommands(program)
  policyCommands(program)
  hoursCommands(program)
  destinationCommands(program)
  doNotCallCommands(program)
  leadCommands(program)
  numberCommands(program)
  trunkCommands(program)
  rateCommands(program)
  callCommands(program)
  phoneReportCommands(program)
  backupCommands(program)
  checkCommand(program)
  return program
}
