import { Router } from 'express'
import { changeContact, findContact } from '../../../domain/contacts/contacts.ts'
import { changeDetails, listFields } from '../../../domain/contacts/details.ts'
import { mostTags, readTags, setTags } from '../../../domain/contacts/tags.ts'
import { inTransaction } from '../../../domain/database/transaction.ts'
import { listStaff } from '../../../domain/accounts/staff.ts'
import { readDetailsForm } from '../../forms/contact-details.ts'
import { readContactForm } from '../../forms/contact-form.ts'
import type { WebContext } from '../../http/context.ts'
import { found, idIn } from '../../http/errors.ts'
import { currentUser } from '../../http/current-user.ts'
import { field } from '../../http/request.ts'
import { seeOther } from '../../auth/sessions.ts'
import { showContact } from './show.ts'

/** One lead: its page, and a change of its details. */
export function contactPageRoutes(context: WebContext): Router {
  const router = Router()
  const { db } = context

  router.get('/contacts/:id', async (req, res) => showContact(context, req, res))

  router.post('/contacts/:id', async (req, res) => {
    const { tenantId } = currentUser(res)
    const contact = found(await findContact(db, tenantId, idIn(req.params.id)))
    const more = readDetailsForm(req, contact, await listFields(db, tenantId, contact.id))
    const form = { ...readContactForm(req), tags: field(req, 'tags'), owner: field(req, 'owner'), more }
    const tags = readTags(form.tags)
    if (tags.length > mostTags) form.errors.tags = 'tags-many'
    const { details } = form
    const isWrong = form.errors.tags !== undefined || Object.keys(more.errors).length > 0
    if (details === null || isWrong) return showContact(context, req, res, { details: form })
    const agents = await listStaff(db, tenantId)
    const owner = agents.find(({ agentId }) => agentId !== null && String(agentId) === form.owner)
    await inTransaction(db, async (trx) => {
      await changeContact(trx, tenantId, contact.id, { ...details, ownerAgentId: owner?.agentId ?? null })
      await changeDetails(trx, tenantId, contact.id, { ...more, fields: more.fields.filter(({ value }) => value !== '') })
      await setTags(trx, tenantId, contact.id, tags)
    })
    req.session.notice = { key: 'contact-page.saved', values: { name: details.name } }
    await seeOther(req, res, `/contacts/${contact.id}`)
  })

  return router
}
