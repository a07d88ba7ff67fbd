import type { Viewer } from '../../domain/calls/history/visibility.ts'
import { viewerOf } from '../../domain/calls/history/visibility.ts'
import { listAnnounced } from '../../domain/tasks/due-tasks.ts'
import { countDueTasks, type ListedTask } from '../../domain/tasks/tasks.ts'
import type { WebContext } from '../http/context.ts'
import { render } from '../http/render.ts'
import { wording } from '../wording/wording.ts'
import type { Message, Stream } from './stream.ts'

/** How many tasks each person of a company has to do, and what has just come due. Asked for once for all who see the same. */
export class TaskUpdates {
  readonly #context: WebContext
  /** When what has come due was announced; null when something else has changed. */
  readonly #announcedAt: Date | null
  readonly #counts = new Map<number | null, Promise<number>>()
  readonly #due = new Map<number | null, Promise<ListedTask[]>>()

  constructor(context: WebContext, announcedAt: Date | null) {
    this.#context = context
    this.#announcedAt = announcedAt
  }

  async message(stream: Stream): Promise<Message> {
    const viewer = viewerOf(stream.user)
    const { db, clock } = this.#context
    const count = await once(this.#counts, viewer, () => countDueTasks(db, viewer, clock.now()))
    const due = await this.#dueFor(stream, viewer)
    const notice = due.length > 0 ? await this.#render('tasks/_due-notice', stream, { due, csrfToken: null }) : null
    return { event: 'tasks', data: { count: await this.#render('tasks/_count', stream, { dueTasks: count }), notice } }
  }

  /** A manager without a phone gets no notice about the tasks of agents. */
  async #dueFor({ user }: Stream, viewer: Viewer): Promise<ListedTask[]> {
    const at = this.#announcedAt
    if (at === null || user.agentId === null) return []
    const due = await once(this.#due, viewer, () => listAnnounced(this.#context.db, viewer, at))
    return due.filter(({ agent_id }) => agent_id === null || agent_id === user.agentId)
  }

  #render(view: string, { user, locale }: Stream, locals: Record<string, unknown>): Promise<string> {
    const words = wording(locale, user.timeZone, this.#context.clock.now())
    return render(view, { words, t: words.t, user, ...locals })
  }
}

function once<T>(known: Map<number | null, Promise<T>>, viewer: Viewer, ask: () => Promise<T>): Promise<T> {
  const key = viewer.kind === 'manager' ? null : viewer.agentId
  const answer = known.get(key) ?? ask()
  known.set(key, answer)
  return answer
}
