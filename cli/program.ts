import { CommanderError } from 'commander'
import { backupCommands } from './backup.ts'
import { callCommands } from './calls.ts'
import { checkCommand } from './check.ts'
import { destinationCommands } from './destinations.ts'
import { doNotCallCommands } from './do-not-call.ts'
import { hoursCommands } from './hours.ts'
import { leadNumberCommands } from './lead-numbers.ts'
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

/** Runs the program with its command-line arguments. Returns the exit code: 0, or 1 after an error message on standard error. */
export async function runRamal(args: string[], shell: Shell): Promise<number> {
  try {
    await ramalProgram(shell).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has already printed the help or its error message.
    if (error instanceof CommanderError) return error.exitCode
    shell.stderr.write(`${errorMessage(error)}\n`)
    return 1
  }
}

/** All nouns and verbs, with `--help` at each level. Commander stores the parsed options in it, so each run makes its own. */
export function ramalProgram(shell: Shell): ShellCommand {
  const program = new ShellCommand(shell, 'ramal')
    .description('Manages this server and its companies. Its environment holds the settings of /etc/ramal/ramal.env.')
    .showHelpAfterError('(add --help for help)')
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
  leadNumberCommands(program)
  numberCommands(program)
  trunkCommands(program)
  rateCommands(program)
  callCommands(program)
  phoneReportCommands(program)
  backupCommands(program)
  checkCommand(program)
  return program
}
