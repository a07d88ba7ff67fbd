import { Router, type Request, type Response } from 'express'
import type { ListedCall } from '../../../domain/calls/history/history.ts'
import { perspectiveOf, viewerOf } from '../../../domain/calls/history/visibility.ts'
import { listContactCalls } from '../../../domain/calls/history/contact-history.ts'
import { changeContact, changeContactNumber, findContact } from '../../../domain/contacts/contacts.ts'
import { listFields } from '../../../domain/contacts/details.ts'
import { listTagsOf, mostTags, readTags, setTags } from '../../../domain/contacts/tags.ts'
import { inTransaction } from '../../../domain/database/transaction.ts'
import { isDestinationAllowed } from '../../../domain/policy/destination-rules.ts'
import { findDoNotCall } from '../../../domain/policy/do-not-call.ts'
import { listStaff } from '../../../domain/accounts/staff.ts'
import { listTasksOfNumber } from '../../../domain/tasks/tasks.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import { numberError, readContactForm, type ContactForm } from '../../forms/contact-form.ts'
import type { WebContext } from '../../http/context.ts'
import { found, idIn } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderPage } from '../../http/render-page.ts'
import { currentUser } from '../../http/current-user.ts'
import { field } from '../../http/request.ts'
import { seeOther } from '../../auth/sessions.ts'

/** One lead: details, owner, calls with their notes, and tasks. */
export function contactPageRoutes(context: WebContext): Router {
  const router = Router()
  const { db } = context

  router.get('/contacts/:id', async (req, res) => show(req, res, null))

  router.post('/contacts/:id', async (req, res) => {
    const { tenantId } = currentUser(res)
    const contact = found(await findContact(db, tenantId, idIn(req.params.id)))
    const { default_area_code } = await findTenant(db, tenantId)
    const form = { ...readContactForm(req, default_area_code), tags: field(req, 'tags'), owner: field(req, 'owner') }
    const tags = readTags(form.tags)
    if (tags.length > mostTags) form.errors.tags = 'tags-many'
    if (form.lead === null || form.errors.tags) return show(req, res, form)
    const { name, company, e164, destination } = form.lead
    const moves = e164 !== contact.e164
    if (moves && !(await isDestinationAllowed(db, tenantId, destination))) return show(req, res, { ...form, numberFault: 'blocked' })
    const agents = await listStaff(db, tenantId)
    const owner = agents.find(({ agentId }) => agentId !== null && String(agentId) === form.owner)
    const duplicate = await inTransaction(db, async (trx) => {
      const other = moves ? await changeContactNumber(trx, contact, e164, context.clock.now()) : null
      if (other !== null) return other
      await changeContact(trx, tenantId, contact.id, { name, company, ownerAgentId: owner?.agentId ?? null })
      await setTags(trx, tenantId, contact.id, tags)
      return null
    })
    if (duplicate !== null) return show(req, res, { ...form, duplicate })
    req.session.notice = moves
      ? { key: 'contact-page.moved', values: { name, before: wordsOf(res).number(contact.e164) } }
      : { key: 'contact-page.saved', values: { name } }
    await seeOther(req, res, `/contacts/${contact.id}`)
  })

  /** `form`: the fields as typed, with their errors. */
  async function show(req: Request, res: Response, form: ContactEdit | null): Promise<void> {
    const user = currentUser(res)
    const contact = found(await findContact(db, user.tenantId, idIn(req.params['id'])))
    const [{ default_area_code: areaCode }, tags, fields, staff, doNotCall, calls, tasks] = await Promise.all([
      findTenant(db, user.tenantId),
      listTagsOf(db, user.tenantId, contact.id),
      listFields(db, user.tenantId, contact.id),
      listStaff(db, user.tenantId),
      findDoNotCall(db, user.tenantId, contact.e164),
      listContactCalls(db, viewerOf(user), { e164: contact.e164, contactId: contact.id }),
      listTasksOfNumber(db, viewerOf(user), contact.e164),
    ])
    const shown: ContactEdit = form ?? {
      name: contact.name,
      company: contact.company,
      number: wordsOf(res).number(contact.e164),
      tags: tags.join(', '),
      owner: String(contact.owner_agent_id ?? ''),
      errors: {},
      numberFault: null,
      duplicate: null,
      lead: null,
    }
    const agents = staff.filter(
      ({ agentId, disabledAt }) => agentId !== null && (disabledAt === null || agentId === contact.owner_agent_id),
    )
    const locals = {
      contact,
      fields,
      doNotCall,
      calls,
      tasks,
      agents,
      form: shown,
      numberError: numberError(res, shown, areaCode),
      areaCode,
      perspectiveFor: (call: ListedCall) => perspectiveOf(viewerOf(user), call),
    }
    await renderPage(context, req, res, {
      view: 'contacts/show',
      title: contact.name,
      section: 'contacts',
      status: form ? 422 : 200,
      locals,
    })
  }

  return router
}

/** What was typed; its mistakes are those of the form of a new lead. */
interface ContactEdit extends ContactForm {
  tags: string
  owner: string
}
