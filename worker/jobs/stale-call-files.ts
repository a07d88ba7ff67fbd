import { removeStagedFiles } from '../../domain/telephony/call-files.ts'
import type { Job } from '../loop.ts'

/** Call files that a process was writing when it was killed. Asterisk never sees them; nobody else would take them away. */
export const staleCallFiles: Job = {
  name: 'staged files',
  everyMs: 60_000,
  async run({ config, clock }) {
    await removeStagedFiles(config.spoolDir, new Date(clock.now().getTime() - 60_000))
  },
}
