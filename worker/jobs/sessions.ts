import type { Job } from '../loop.ts'

/** Forgets web sessions that have expired. */
export const sessions: Job = {
  name: 'sessions',
  everyMs: 10 * 60_000,
  async run({ db, clock }) {
    const anHourAgo = new Date(clock.now().getTime() - 3_600_000)
    await db.deleteFrom('sessions').where('expires_at', '<', anHourAgo).execute()
  },
}
