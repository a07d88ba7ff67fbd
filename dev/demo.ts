/** `npm run demo [-- --fresh]`: the whole of Ramal on this machine, with a carrier that plays the outside world. */
import { styleText } from 'node:util'
import { seedHistory } from './demo/history.ts'
import { demoPassword, seedDemo } from './seed.ts'
import { SetupFailure } from './setup/failure.ts'
import { terminalProgress } from './setup/progress.ts'
import { startStack } from './stack/stack.ts'

const wantedPort = 8080
const progress = terminalProgress()

try {
  const stack = await startStack({
    name: 'demo',
    fresh: process.argv.includes('--fresh'),
    preferredWebPort: wantedPort,
    seed: async (env) => {
      await seedDemo(env.RAMAL_DATABASE_URL)
      await seedHistory(env.RAMAL_DATABASE_URL, env.RAMAL_STORAGE_DIR)
    },
    progress,
  })
  if (stack.ports.web !== wantedPort) progress.note(`Port ${wantedPort} is taken; the site is on ${stack.ports.web}`)
  progress.note('Ready')
  console.log(`
  ${styleText('bold', stack.url)}

  agent     ana@padaria-sol.example       password  ${demoPassword}
  manager   marcia@padaria-sol.example    password  ${demoPassword}
  operator  olga@ramal.example            password  ${demoPassword}

  Sign in as the agent, allow the microphone, and click Ligar (Call) beside a lead: the phone in the page answers by itself.
  Ctrl-C stops everything; the data stays (npm run demo -- --fresh starts over). Logs: ${stack.state.path('log')}
`)
} catch (error) {
  progress.note(error instanceof SetupFailure ? error.message : `The demo could not start: ${(error as Error).stack}`)
  process.exitCode = 1
}
