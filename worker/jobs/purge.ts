import { forgetStagedImports } from '../../domain/contacts/imports/imports.ts'
import { forgetEvents } from '../../domain/calls/reconcile/channel-event-log.ts'
import { purgeRegistrations } from '../../domain/telephony/phones.ts'
import { purgeSessions } from '../../domain/accounts/sessions.ts'
import { forgetReports } from '../../domain/telephony/phone-reports.ts'
import type { Job } from '../loop.ts'

/**
 * Deletes old rows: expired web sessions and registrations, uploads that were never imported, yesterday's event log, and last
 * month's phone reports.
 */
export const purge: Job = {
  name: 'purge',
  everyMs: 10 * 60_000,
  async run({ db, clock }) {
    const now = clock.now().getTime()
    await purgeSessions(db, new Date(now - hourMs))
    await purgeRegistrations(db, new Date(now - dayMs))
    await forgetStagedImports(db, new Date(now - dayMs))
    await forgetEvents(db, new Date(now - dayMs))
    await forgetReports(db, new Date(now))
  },
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
