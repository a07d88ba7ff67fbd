import { Router, type Request, type Response } from 'express'
import { findContactByNumber } from '../../domain/contacts/contacts.ts'
import { findTask, finishTask, listTasks, postponeTask, reopenTask, type ListedTask } from '../../domain/tasks/tasks.ts'
import { readCallbackTime } from '../forms/callback-time.ts'
import type { Context } from '../http/context.ts'
import { found, idIn } from '../http/errors.ts'
import { wordsOf } from '../http/locale.ts'
import { showFragment, showPage } from '../http/render-page.ts'
import { agentOf, person, viewerOf } from '../http/current-user.ts'
import { placeCall } from '../forms/place-call.ts'
import { cameFrom, field, isTarget } from '../http/request.ts'
import { seeOther } from '../auth/sessions.ts'

const listed = 200

/** Tasks: who is to be called, now and later. */
export function taskRoutes(context: Context): Router {
  const router = Router()
  const { db, clock } = context

  router.get('/tasks', (req, res) => showTasks(req, res))

  router.post('/tasks/:id/calls', async (req, res) => {
    const { tenantId } = person(res)
    agentOf(person(res))
    const { e164 } = await task(req, res)
    const contact = await findContactByNumber(db, tenantId, e164)
    await placeCall(context, req, res, { id: contact?.id ?? null, e164 })
  })

  router.post('/tasks/:id/completion', async (req, res) => {
    const user = person(res)
    const { id, ...about } = await task(req, res)
    if (await finishTask(db, viewerOf(user), id, user.id, clock.now())) {
      req.session.notice = { key: 'tasks.finished', values: { whom: whomOf(res, about) }, undo: `/tasks/${id}/reopening` }
    }
    await seeOther(req, res, cameFrom(req))
  })

  router.post('/tasks/:id/reopening', async (req, res) => {
    const { id, ...about } = await task(req, res)
    const reopened = await reopenTask(db, viewerOf(person(res)), id, clock.now())
    req.session.notice = { key: reopened ? 'tasks.reopened' : 'tasks.superseded', values: { whom: whomOf(res, about) } }
    await seeOther(req, res, cameFrom(req))
  })

  router.post('/tasks/:id/postponement', async (req, res) => {
    const user = person(res)
    const { id, ...about } = await task(req, res)
    const dueAt = readCallbackTime(req, user.timeZone, clock.now())
    if (dueAt === null) return showTasks(req, res, { id, at: field(req, 'at') })
    await postponeTask(db, viewerOf(user), id, dueAt, clock.now())
    req.session.notice = { key: 'tasks.postponed', values: { whom: whomOf(res, about), when: wordsOf(res).moment(dueAt).text } }
    await seeOther(req, res, cameFrom(req))
  })

  /** `wrongTime`: of a task that somebody wanted to put off to no time at all. */
  async function showTasks(req: Request, res: Response, wrongTime?: { id: number; at: string }): Promise<void> {
    const tasks = await listTasks(db, viewerOf(person(res)), { limit: listed + 1 })
    const isDue = ({ due_at }: ListedTask) => due_at <= clock.now()
    const shown = tasks.slice(0, listed)
    const [due, later] = [shown.filter(isDue), shown.filter((each) => !isDue(each))]
    const locals = { due, later, more: tasks.length > listed, listed, wrongTime }
    if (isTarget(req, 'tasks')) return showFragment(req, res, 'tasks/_tasks', locals)
    const status = wrongTime ? 422 : 200
    await showPage(context, req, res, { view: 'tasks/index', title: wordsOf(res).t('tasks.title'), section: 'tasks', status, locals })
  }

  async function task(req: Request, res: Response): Promise<ListedTask> {
    return found(await findTask(db, viewerOf(person(res)), idIn(req.params['id'])))
  }

  return router
}

function whomOf(res: Response, { contact_name, e164 }: Pick<ListedTask, 'contact_name' | 'e164'>): string {
  return contact_name ?? wordsOf(res).number(e164)
}
