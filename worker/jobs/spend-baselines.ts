import { renewUsualHours } from '../../domain/policy/spend-alarm.ts'
import type { Job } from '../loop.ts'

/** Computes each tenant's usual hourly spend, for the spend alarm. */
export const spendBaselines: Job = {
  name: 'spend baselines',
  everyMs: 10 * 60_000,
  async run({ db, clock }) {
    await renewUsualHours(db, clock.now())
  },
}
