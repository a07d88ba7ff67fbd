import { Command } from 'commander'
import { callCommands } from './calls.ts'
import { destinationCommands } from './destinations.ts'
import { doNotCallCommands } from './do-not-call.ts'
import { hoursCommands } from './hours.ts'
import { minuteCommands } from './minutes.ts'
import { numberCommands } from './numbers.ts'
import { personCommands } from './people.ts'
import { policyCommands } from './policy.ts'
import { rateCommands } from './rates.ts'
import { tenantCommands } from './tenants.ts'
import { trunkCommands } from './trunks.ts'

/** The whole command line: nouns, their verbs, and `--help` at each level. */
export function ramalProgram(): Command {
  const program = new Command('ramal')
    .description('Looks after the companies of this server. It reads RAMAL_DATABASE_URL, as in /etc/ramal/ramal.env.')
    .showHelpAfterError('(--help after any of the words shows how)')
    .helpCommand(false)
  tenantCommands(program)
  personCommands(program)
  minuteCommands(program)
  policyCommands(program)
  hoursCommands(program)
  destinationCommands(program)
  doNotCallCommands(program)
  numberCommands(program)
  trunkCommands(program)
  rateCommands(program)
  callCommands(program)
  return program
}
