/**
 * `ramal` (in a checkout `npm run ramal --`): the command line of the server's operators. A noun and a verb, with `--help` at
 * each level. It prints text, or JSON with --json. An error is one line on standard error with exit code 1, and changes nothing.
 */
import { runRamal } from './program.ts'

process.exitCode = await runRamal(process.argv.slice(2), process)
