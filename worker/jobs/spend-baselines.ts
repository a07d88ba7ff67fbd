import { renewUsualHours } from '../../domain/policy/spend-alarm.ts'
import type { Job } from '../loop.ts'

/** What an hour usually costs each company, for the spend alarm. */
export const spendBaselines: Job = {
  name: 'usual hours',
  everyMs: 10 * 60_000,
  async run({ db, clock }) {
    await renewUsualHours(db, clock.now())
  },
}
