import type { Request, Response } from 'express'
import type { ListedCall } from '../../../domain/calls/history/history.ts'
import { perspectiveOf, viewerOf } from '../../../domain/calls/history/visibility.ts'
import { listContactCalls } from '../../../domain/calls/history/contact-history.ts'
import { findContact } from '../../../domain/contacts/contacts.ts'
import { areAllBarred, listContactNumbers, mostNumbers } from '../../../domain/contacts/numbers.ts'
import { listFields } from '../../../domain/contacts/details.ts'
import { listTagsOf } from '../../../domain/contacts/tags.ts'
import { findDoNotCall } from '../../../domain/policy/do-not-call.ts'
import { listStaff } from '../../../domain/accounts/staff.ts'
import { listTasksOfNumbers } from '../../../domain/tasks/tasks.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import { detailsForm, type DetailsForm } from '../../forms/contact-details.ts'
import type { ContactForm } from '../../forms/contact-form.ts'
import { emptyNumberField, numberError, type NumberField } from '../../forms/number-field.ts'
import type { WebContext } from '../../http/context.ts'
import { found, idIn } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderPage } from '../../http/render-page.ts'
import { currentUser } from '../../http/current-user.ts'

/** What was typed on the page of a lead, and is wrong. */
export interface WrongFields {
  details?: ContactEdit
  /** `from`: the number that was to be changed; null for a new one. */
  number?: { from: string | null; field: NumberField }
}

/** The details of a lead as typed. */
export interface ContactEdit extends ContactForm {
  more: DetailsForm
  tags: string
  owner: string
}

/** Shows the page of one lead: numbers, tasks, calls with their notes, and details. */
export async function showContact(context: WebContext, req: Request, res: Response, wrong: WrongFields = {}): Promise<void> {
  const { db } = context
  const user = currentUser(res)
  const { tenantId } = user
  const contact = found(await findContact(db, tenantId, idIn(req.params['id'])))
  const numbers = await listContactNumbers(db, tenantId, contact.id)
  const e164s = numbers.map(({ e164 }) => e164)
  const [{ default_area_code: areaCode }, tags, fields, staff, doNotCall, calls, tasks] = await Promise.all([
    findTenant(db, tenantId),
    listTagsOf(db, tenantId, contact.id),
    listFields(db, tenantId, contact.id),
    listStaff(db, tenantId),
    areAllBarred(numbers) ? findDoNotCall(db, tenantId, e164s[0] ?? '') : null,
    listContactCalls(db, viewerOf(user), { numbers: e164s, contactId: contact.id }),
    listTasksOfNumbers(db, viewerOf(user), e164s),
  ])
  const form: ContactEdit = wrong.details ?? {
    name: contact.name,
    company: contact.company,
    tags: tags.join(', '),
    owner: String(contact.owner_agent_id ?? ''),
    more: detailsForm(contact, fields),
    errors: {},
    details: null,
  }
  const fieldOf = (from: string | null, unchanged: NumberField) => {
    const field = wrong.number?.from === from ? wrong.number.field : null
    return { field: field ?? unchanged, error: field && numberError(res, field, areaCode), isWrong: field !== null }
  }
  await renderPage(context, req, res, {
    view: 'contacts/show',
    title: contact.name,
    section: 'contacts',
    status: wrong.details || wrong.number ? 422 : 200,
    locals: {
      contact,
      fields,
      numbers: numbers.map((each) => ({
        ...each,
        ...fieldOf(each.e164, { ...emptyNumberField, number: wordsOf(res).number(each.e164), label: each.label }),
      })),
      added: numbers.length < mostNumbers ? fieldOf(null, emptyNumberField) : null,
      doNotCall,
      calls,
      tasks,
      agents: staff.filter(({ agentId, disabledAt }) => agentId !== null && (disabledAt === null || agentId === contact.owner_agent_id)),
      form,
      areaCode,
      perspectiveFor: (call: ListedCall) => perspectiveOf(viewerOf(user), call),
    },
  })
}
