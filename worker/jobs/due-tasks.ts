import { announceDueTasks } from '../../domain/tasks/due-tasks.ts'
import type { Job } from '../loop.ts'

/** Callbacks come up at their time, in the pages that are open. */
export const dueTasks: Job = {
  name: 'due tasks',
  everyMs: 2000,
  async run({ db, clock }) {
    await announceDueTasks(db, clock.now())
  },
}
