/**
 * `npm run ramal -- …`: what whoever runs the server does by hand. A noun and a verb, `--help` at each level. Answers go to
 * standard output, as tables or with --json; what went wrong is a sentence on standard error, exit code 1, and nothing is
 * half done.
 */
import { runRamal } from './program.ts'

process.exitCode = await runRamal(process.argv.slice(2), process)
