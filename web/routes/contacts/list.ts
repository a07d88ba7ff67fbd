import { Router, type Request, type Response } from 'express'
import { addContact, listContacts } from '../../../domain/contacts/contacts.ts'
import { listTags } from '../../../domain/contacts/tags.ts'
import { listStaff } from '../../../domain/accounts/staff.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import { readContactForm, type ContactForm } from '../../forms/contact-form.ts'
import { emptyNumberField, numberError, readNumberField, type NumberField, type ReadNumber } from '../../forms/number-field.ts'
import type { WebContext } from '../../http/context.ts'
import { readId } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderFragment, renderPage } from '../../http/render-page.ts'
import { currentUser } from '../../http/current-user.ts'
import { field, isTarget, parameter } from '../../http/request.ts'
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
    const form = { name: parameter(req, 'name'), company: '', errors: {}, details: null }
    await showForm(context, req, res, { form, numbers: [] })
  })

  router.post('/contacts', async (req, res) => {
    const { tenantId } = currentUser(res)
    const tenant = await findTenant(db, tenantId)
    const form = readContactForm(req)
    const numbers: ReadNumber[] = []
    for (const suffix of suffixes) {
      // Only the first number must be there.
      if (suffix !== '' && field(req, `number${suffix}`).trim() === '') continue
      const read = await readNumberField(req, db, tenant, suffix)
      const isRepeated = numbers.some(({ stored }) => stored !== null && stored.e164 === read.stored?.e164)
      numbers.push(isRepeated ? { ...read, fault: 'repeated', stored: null } : read)
    }
    const stored = numbers.flatMap((each) => each.stored ?? [])
    if (form.details === null || stored.length < numbers.length) return showForm(context, req, res, { form, numbers }, 422)
    const added = await addContact(db, tenantId, { ...form.details, numbers: stored })
    if (added.outcome === 'taken') {
      const marked = numbers.map((each) => (each.stored?.e164 === added.e164 ? { ...each, duplicate: added.contact } : each))
      return showForm(context, req, res, { form, numbers: marked }, 422)
    }
    req.session.notice = { key: 'contacts.added', values: { name: added.contact.name } }
    await seeOther(req, res, '/contacts')
  })

  return router
}

/** The numbers that the form takes. More are added on the lead's page. */
const suffixes = ['', '2', '3']

interface NewLead {
  form: ContactForm
  numbers: NumberField[]
}

async function showForm(context: WebContext, req: Request, res: Response, { form, numbers }: NewLead, status = 200): Promise<void> {
  const { default_area_code: areaCode } = await findTenant(context.db, currentUser(res).tenantId)
  const fields = suffixes.map((suffix, n) => {
    const number = numbers[n] ?? emptyNumberField
    return { suffix, field: number, error: numberError(res, number, areaCode) }
  })
  await renderPage(context, req, res, {
    view: 'contacts/new',
    title: wordsOf(res).t('contact-form.title'),
    section: 'contacts',
    status,
    locals: { form, fields, areaCode },
  })
}
