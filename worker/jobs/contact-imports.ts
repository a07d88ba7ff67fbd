import { findQueuedImport } from '../../domain/contacts/imports/imports.ts'
import { noteFailedTry } from '../../domain/contacts/imports/failed-try.ts'
import { runContactImport } from '../../domain/contacts/imports/run.ts'
import type { Job } from '../loop.ts'

/**
 * Imports the uploaded files of leads, one at a time. After a crash, an import continues where it stopped. An import that fails lets
 * the others go first.
 */
export const contactImports: Job = {
  name: 'contact imports',
  everyMs: 500,
  async run({ db, clock, log }) {
    for (;;) {
      const work = await findQueuedImport(db, clock.now())
      if (!work) return
      const ids = { tenantId: work.tenant_id, importId: work.id }
      try {
        await runContactImport(db, work, () => clock.now())
        log.info(ids, 'leads imported')
      } catch (error) {
        const isLast = await noteFailedTry(db, work, clock.now())
        log.error({ ...ids, err: error, isLast }, 'import failed')
      }
    }
  },
}
