import { findQueuedImport } from '../../domain/contacts/imports/imports.ts'
import { runContactImport } from '../../domain/contacts/imports/run.ts'
import type { Job } from '../loop.ts'

/** Imports the uploaded files of leads, one at a time. After a crash, an import continues where it stopped. */
export const contactImports: Job = {
  name: 'contact imports',
  everyMs: 500,
  async run({ db, clock, log }) {
    for (;;) {
      const work = await findQueuedImport(db)
      if (!work) return
      await runContactImport(db, work, () => clock.now())
      log.info({ tenantId: work.tenant_id, importId: work.id }, 'leads imported')
    }
  },
}
