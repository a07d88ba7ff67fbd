import { systemClock } from '../../domain/runtime/clock.ts'
import { createLog } from '../../domain/runtime/log.ts'
import { contactImports } from '../../worker/jobs/contact-imports.ts'
import type { Site } from './site.ts'

/** The worker imports what is queued. */
export async function runQueuedImports({ db, config }: Site): Promise<void> {
  await contactImports.run({ db, config, log: createLog('worker', 'silent'), clock: systemClock })
}
