import { announceDueTasks } from '../../domain/tasks/due-tasks.ts'
import type { Job } from '../loop.ts'

/** Shows callbacks on the open pages when they are due. */
export const dueTasks: Job = {
  name: 'due tasks',
  everyMs: 2000,
  async run({ db, clock }) {
    await announceDueTasks(db, clock.now())
  },
}
