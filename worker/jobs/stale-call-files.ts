import { removeStagedFiles } from '../../domain/telephony/call-files.ts'
import type { Job } from '../loop.ts'

/** Deletes call files that a process was writing when it was killed. Asterisk does not see them. */
export const staleCallFiles: Job = {
  name: 'stale call files',
  everyMs: 60_000,
  async run({ config, clock }) {
    await removeStagedFiles(config.spoolDir, new Date(clock.now().getTime() - 60_000))
  },
}
