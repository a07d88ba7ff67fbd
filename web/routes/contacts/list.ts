import { Router, type Request, type Response } from 'express'
import { addContact, listContacts } from '../../../domain/contacts/contacts.ts'
import { isDestinationAllowed } from '../../../domain/policy/destination-rules.ts'
import { listTags } from '../../../domain/contacts/tags.ts'
import { listStaff } from '../../../domain/accounts/staff.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import { numberError, readContactForm, type ContactForm } from '../../forms/contact-form.ts'
import type { WebContext } from '../../http/context.ts'
import { readId } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderFragment, renderPage } from '../../http/render-page.ts'
import { currentUser } from '../../http/current-user.ts'
import { isTarget, parameter } from '../../http/request.ts'
import { seeOther } from '../../auth/sessions.ts'

const listed = 100

/** Leads: the list, its search, and adding one. */
export function contactListRoutes(context: WebContext): Router {
  const router = Router()
  const { db } = context

  router.get('/contacts', async (req, res) => {
    const { tenantId } = currentUser(res)
    const q = parameter(req, 'q').trim().slice(0, 100)
    const [tag, owner] = [parameter(req, 'tag').slice(0, 40), parameter(req, 'owner')]
    const filter = { search: q, tag, ownerAgentId: readId(owner), afterId: readId(parameter(req, 'after')) }
    const contacts = await listContacts(db, tenantId, { ...filter, limit: listed + 1 })
    const shown = contacts.slice(0, listed)
    const last = contacts.length > listed ? shown.at(-1) : undefined
    const next = last ? `/contacts?${new URLSearchParams({ q, tag, owner, after: String(last.id) }).toString()}` : null
    if (isTarget(req, 'more-contacts')) return renderFragment(req, res, 'contacts/_rows', { contacts: shown, next })
    const [tags, people] = await Promise.all([listTags(db, tenantId), listStaff(db, tenantId)])
    const locals = { q, tag, owner, filtered: q !== '' || tag !== '' || owner !== '', contacts: shown, next, tags, people }
    if (isTarget(req, 'contacts')) return renderFragment(req, res, 'contacts/_contacts', locals)
    await renderPage(context, req, res, { view: 'contacts/index', title: wordsOf(res).t('contacts.title'), section: 'contacts', locals })
  })

  router.get('/contacts/new', async (req, res) => {
    await showForm(context, req, res, {
      name: parameter(req, 'name'),
      company: '',
      number: '',
      errors: {},
      numberFault: null,
      duplicate: null,
      lead: null,
    })
  })

  router.post('/contacts', async (req, res) => {
    const { tenantId } = currentUser(res)
    const { default_area_code } = await findTenant(db, tenantId)
    const form = readContactForm(req, default_area_code)
    if (form.lead === null) return showForm(context, req, res, form, 422)
    const { destination, ...lead } = form.lead
    if (!(await isDestinationAllowed(db, tenantId, destination))) {
      return showForm(context, req, res, { ...form, numberFault: 'blocked' }, 422)
    }
    const { outcome, contact } = await addContact(db, tenantId, lead)
    if (outcome === 'duplicate') return showForm(context, req, res, { ...form, duplicate: contact }, 422)
    req.session.notice = { key: 'contacts.added', values: { name: contact.name } }
    await seeOther(req, res, '/contacts')
  })

  return router
}

async function showForm(context: WebContext, req: Request, res: Response, form: ContactForm, status = 200): Promise<void> {
  const { default_area_code: areaCode } = await findTenant(context.db, currentUser(res).tenantId)
  const locals = { form, numberError: numberError(res, form, areaCode), areaCode }
  await renderPage(context, req, res, {
    view: 'contacts/new',
    title: wordsOf(res).t('contact-form.title'),
    section: 'contacts',
    status,
    locals,
  })
}
