import { correct, topUp } from '../../balance/ledger.ts'
import { startMonth } from '../../balance/monthly-allowance.ts'
import { inTransaction } from '../../database/transaction.ts'
import { releaseOutbound } from '../../policy/spend-alarm.ts'
import { lockTenant } from '../../tenants/tenants.ts'
import { anyRule } from './company.ts'
import type { History } from './state.ts'
import { again, moment, type Step } from './step.ts'

export function topUpBalance(history: History): Step {
  const { db, company, tally, random } = history
  const seconds = random.between(1, 600)
  const { now } = moment(history)
  return {
    what: `a top-up of ${seconds} s`,
    done: async () => {
      tally.add('top-ups')
      await inTransaction(db, async (trx) => {
        await lockTenant(trx, company.tenantId)
        await topUp(trx, company.tenantId, seconds, { reason: 'paid', author: 'history' }, now)
      })
    },
  }
}

export function correctBalance(history: History): Step {
  const { db, company, tally, random } = history
  const seconds = random.between(1, 400) * random.pick([1, -1, -1])
  const { now } = moment(history)
  return {
    what: `a correction of ${seconds} s`,
    done: async () => {
      const corrected = await inTransaction(db, async (trx) => {
        await lockTenant(trx, company.tenantId)
        return correct(trx, company.tenantId, seconds, { reason: 'mistake', author: 'history' }, now)
      })
      tally.add(corrected ? 'corrections' : 'corrections refused')
    },
  }
}

export function month(history: History): Step {
  const { db, company } = history
  const { now } = moment(history)
  return { what: 'two workers start the month', done: () => again(2, () => startMonth(db, company.tenantId, now)) }
}

/** A call keeps the rule that it began with. */
export function changeRule(history: History): Step {
  const { db, company, tally, random } = history
  const rule = anyRule(random)
  return {
    what: `the rule becomes ${rule.first_block_seconds}+${rule.next_block_seconds}, ${rule.free_seconds} s free`,
    done: async () => {
      tally.add('changes of the block rule')
      await db.updateTable('tenants').set(rule).where('id', '=', company.tenantId).execute()
    },
  }
}

export function release(history: History): Step {
  const { db, company, tally } = history
  const { now } = moment(history)
  return {
    what: 'a pause is released',
    done: async () => {
      if (await inTransaction(db, (trx) => releaseOutbound(trx, company.tenantId, 'history', now))) tally.add('pauses released')
    },
  }
}
