import { startMonths } from '../../domain/balance/monthly-allowance.ts'
import type { Job } from '../loop.ts'

/** Grants the monthly minutes at the start of a month, and takes back what is left at its end. */
export const monthlyAllowances: Job = {
  name: 'monthly allowances',
  everyMs: 60_000,
  async run({ db, clock }) {
    await startMonths(db, clock.now())
  },
}
