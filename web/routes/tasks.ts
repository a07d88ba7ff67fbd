import { Router, type Request, type Response } from 'express'
import { findContactByNumber } from '../../domain/contacts/contacts.ts'
import { viewerOf } from '../../domain/calls/history/visibility.ts'
import { findTask, finishTask, listTasks, postponeTask, reopenTask, type ListedTask } from '../../domain/tasks/tasks.ts'
import { readCallbackTime } from '../forms/callback-time.ts'
import type { WebContext } from '../http/context.ts'
import { found, idIn, notFound } from '../http/errors.ts'
import { wordsOf } from '../http/locale.ts'
import { renderFragment, renderPage } from '../http/render-page.ts'
import { currentAgent, currentUser } from '../http/current-user.ts'
import { placeRequestedCall } from '../forms/place-call.ts'
import { cameFrom, field, isTarget } from '../http/request.ts'
import { seeOther } from '../auth/sessions.ts'

const listed = 200

/** Tasks: calls to make, now and later. */
export function taskRoutes(context: WebContext): Router {
  const router = Router()
  const { db, clock } = context

  router.get('/tasks', (req, res) => showTasks(req, res))

  router.post('/tasks/:id/calls', async (req, res) => {
    const { tenantId } = currentUser(res)
    currentAgent(currentUser(res))
    const { e164 } = await findOwn(req, res)
    const contact = await findContactByNumber(db, tenantId, e164)
    await placeRequestedCall(context, req, res, { id: contact?.id ?? null, e164 })
  })

  router.post('/tasks/:id/completion', async (req, res) => {
    const user = currentUser(res)
    const task = await findOwn(req, res)
    if (await finishTask(db, viewerOf(user), task.id, user.id, clock.now())) {
      req.session.notice = { key: 'tasks.finished', values: { name: wordsOf(res).leadName(task) }, undo: `/tasks/${task.id}/reopening` }
    }
    await seeOther(req, res, cameFrom(req))
  })

  router.post('/tasks/:id/reopening', async (req, res) => {
    const task = await findOwn(req, res)
    const user = currentUser(res)
    const reopened = await reopenTask(db, viewerOf(user), task.id, user.id, clock.now())
    if (reopened === 'gone') throw notFound()
    const values = { name: wordsOf(res).leadName(task) }
    req.session.notice = { key: `tasks.${reopened}`, values, ...(reopened === 'reopened' ? {} : { tone: 'trouble' }) }
    await seeOther(req, res, cameFrom(req))
  })

  router.post('/tasks/:id/postponement', async (req, res) => {
    const user = currentUser(res)
    const task = await findOwn(req, res)
    const dueAt = readCallbackTime(req, user.timeZone, clock.now())
    if (dueAt === null) return showTasks(req, res, { id: task.id, at: field(req, 'at') })
    await postponeTask(db, viewerOf(user), task.id, dueAt, clock.now())
    req.session.notice = { key: 'tasks.postponed', values: { name: wordsOf(res).leadName(task), when: wordsOf(res).moment(dueAt).text } }
    await seeOther(req, res, cameFrom(req))
  })

  /** `wrongTime`: the invalid time to which a task was to be postponed. */
  async function showTasks(req: Request, res: Response, wrongTime?: { id: number; at: string }): Promise<void> {
    const tasks = await listTasks(db, viewerOf(currentUser(res)), { limit: listed + 1 })
    const isDue = ({ due_at }: ListedTask) => due_at <= clock.now()
    const shown = tasks.slice(0, listed)
    const [due, later] = [shown.filter(isDue), shown.filter((each) => !isDue(each))]
    const locals = { due, later, more: tasks.length > listed, listed, wrongTime }
    if (isTarget(req, 'tasks')) return renderFragment(req, res, 'tasks/_tasks', locals)
    const status = wrongTime ? 422 : 200
    await renderPage(context, req, res, { view: 'tasks/index', title: wordsOf(res).t('tasks.title'), section: 'tasks', status, locals })
  }

  async function findOwn(req: Request, res: Response): Promise<ListedTask> {
    return found(await findTask(db, viewerOf(currentUser(res)), idIn(req.params['id'])))
  }

  return router
}
