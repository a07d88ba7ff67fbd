import { startMonths } from '../../domain/balance/monthly-allowance.ts'
import type { Job } from '../loop.ts'

/** Minutes that come with a month: granted at its start, and what is left of them taken back at its end. */
export const monthlyAllowances: Job = {
  name: 'months',
  everyMs: 60_000,
  async run({ db, clock }) {
    await startMonths(db, clock.now())
  },
}
