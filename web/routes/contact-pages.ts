import { Router, type Request, type Response } from 'express'
import type { ListedCall } from '../../domain/calls/history.ts'
import { listContactCalls } from '../../domain/contact-history.ts'
import { changeContact, findContact, longestContactName } from '../../domain/contacts.ts'
import { listTagsOf, readTags, setTags } from '../../domain/contact-tags.ts'
import { inTransaction } from '../../domain/database/transaction.ts'
import { findDoNotCall } from '../../domain/do-not-call.ts'
import { oneLine } from '../../domain/one-line.ts'
import { listPeople } from '../../domain/people.ts'
import { listTasksOfNumber } from '../../domain/tasks.ts'
import type { Context } from '../context.ts'
import { found, idIn } from '../failures.ts'
import { showPage } from '../pages.ts'
import { eyeOf, person, viewerOf } from '../people.ts'
import { field } from '../requests.ts'
import { seeOther } from '../sessions.ts'

/** One lead: who it is, whose, what was said, and when to call again. */
export function contactPageRoutes(context: Context): Router {
  const router = Router()
  const { db } = context

  router.get('/contacts/:id', async (req, res) => show(req, res, null))

  router.post('/contacts/:id', async (req, res) => {
    const { tenantId } = person(res)
    const contact = found(await findContact(db, tenantId, idIn(req.params.id)))
    const form = readForm(req)
    if (Object.keys(form.errors).length > 0) return show(req, res, form)
    const agents = await listPeople(db, tenantId)
    const owner = agents.find(({ agentId }) => agentId !== null && String(agentId) === form.owner)
    await inTransaction(db, async (trx) => {
      await changeContact(trx, tenantId, contact.id, { name: form.name, company: form.company, ownerAgentId: owner?.agentId ?? null })
      await setTags(trx, tenantId, contact.id, readTags(form.tags))
    })
    req.session.notice = { key: 'contact-page.saved', values: { name: form.name } }
    await seeOther(req, res, `/contacts/${contact.id}`)
  })

  /** `form`: what somebody typed, with its mistakes. */
  async function show(req: Request, res: Response, form: ContactEdit | null): Promise<void> {
    const user = person(res)
    const contact = found(await findContact(db, user.tenantId, idIn(req.params['id'])))
    const [tags, people, barred, calls, tasks] = await Promise.all([
      listTagsOf(db, user.tenantId, contact.id),
      listPeople(db, user.tenantId),
      findDoNotCall(db, user.tenantId, contact.e164),
      listContactCalls(db, viewerOf(user), contact.e164),
      listTasksOfNumber(db, viewerOf(user), contact.e164),
    ])
    const stored = {
      name: contact.name,
      company: contact.company,
      tags: tags.join(', '),
      owner: String(contact.owner_agent_id ?? ''),
      errors: {},
    }
    const agents = people.filter(
      ({ agentId, disabledAt }) => agentId !== null && (disabledAt === null || agentId === contact.owner_agent_id),
    )
    const locals = {
      contact,
      barred,
      calls,
      tasks,
      agents,
      form: form ?? stored,
      eyeFor: (call: ListedCall) => eyeOf(user, call),
    }
    await showPage(context, req, res, { view: 'contacts/show', title: contact.name, section: 'contacts', status: form ? 422 : 200, locals })
  }

  return router
}

interface ContactEdit {
  name: string
  company: string
  tags: string
  owner: string
  /** Field → key of the sentence that stands beside it. */
  errors: Partial<Record<'name' | 'company', string>>
}

function readForm(req: Request): ContactEdit {
  const [name, company] = [oneLine(field(req, 'name')), oneLine(field(req, 'company'))]
  const errors: ContactEdit['errors'] = {}
  if (name === '') errors.name = 'name-missing'
  else if (name.length > longestContactName) errors.name = 'name-long'
  if (company.length > longestContactName) errors.company = 'company-long'
  return { name, company, tags: field(req, 'tags'), owner: field(req, 'owner'), errors }
}
