import { Router, type Request, type Response } from 'express'
import { findContact, type Contact } from '../../../domain/contacts/contacts.ts'
import {
  addContactNumber,
  changeContactNumber,
  makeFirst,
  removeContactNumber,
  restoreContactNumber,
  type NumberAdded,
  type NumberRefusal,
} from '../../../domain/contacts/edit-numbers.ts'
import { listContactNumbers, mostNumbers, type NewNumber } from '../../../domain/contacts/numbers.ts'
import { inTransaction } from '../../../domain/database/transaction.ts'
import type { Trx } from '../../../domain/database/pool.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import { readNumberField, type NumberField } from '../../forms/number-field.ts'
import type { WebContext } from '../../http/context.ts'
import { e164In, found, idIn, notFound } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { currentUser } from '../../http/current-user.ts'
import { seeOther } from '../../auth/sessions.ts'
import { showContact } from './show.ts'

/** The numbers of a lead: add, change, remove and put back, and which is dialled first. */
export function contactNumberRoutes(context: WebContext): Router {
  const router = Router()
  const { db, clock } = context

  router.post('/contacts/:id/numbers', async (req, res) => {
    const contact = await contactOf(req, res)
    await store(req, res, contact, null, (trx, number) => addContactNumber(trx, contact.tenant_id, contact.id, number, clock.now()))
  })

  router.post('/contacts/:id/numbers/:digits', async (req, res) => {
    const contact = await contactOf(req, res)
    const from = e164In(req.params.digits)
    await store(req, res, contact, from, (trx, number) =>
      changeContactNumber(trx, contact.tenant_id, contact.id, from, number, clock.now()),
    )
  })

  router.post('/contacts/:id/numbers/:digits/removal', async (req, res) => {
    const contact = await contactOf(req, res)
    const e164 = e164In(req.params.digits)
    const result = await inTransaction(db, (trx) => removeContactNumber(trx, contact.tenant_id, contact.id, e164, clock.now()))
    const number = wordsOf(res).number(e164)
    if (result.outcome === 'done') {
      const { removedAt, ...removed } = result.removed
      const before = req.session.removedContactNumbers ?? []
      const entry = { ...removed, contactId: contact.id, removedAt: removedAt.toISOString() }
      req.session.removedContactNumbers = [...before.filter((each) => each.e164 !== e164), entry].slice(-mostNumbers)
      const undo = `/contacts/${contact.id}/numbers/${e164.slice(1)}/restoration`
      req.session.notice = { key: 'contact-page.number-removed', values: { number }, undo }
    } else if (result.outcome === 'last') {
      req.session.notice = { key: 'contact-page.last-number', values: { number }, tone: 'trouble' }
    } else throw notFound()
    await seeOther(req, res, `/contacts/${contact.id}`)
  })

  router.post('/contacts/:id/numbers/:digits/restoration', async (req, res) => {
    const contact = await contactOf(req, res)
    const e164 = e164In(req.params.digits)
    const kept = req.session.removedContactNumbers ?? []
    const removed = kept.findLast((each) => each.e164 === e164 && each.contactId === contact.id)
    if (removed) {
      const back = { ...removed, removedAt: new Date(removed.removedAt) }
      const result = await inTransaction(db, (trx) => restoreContactNumber(trx, contact.tenant_id, contact.id, back, clock.now()))
      // An undo works once, and a later removal is left alone.
      if (result.outcome === 'done') req.session.removedContactNumbers = kept.filter((each) => each !== removed)
      req.session.notice = noticeOf(res, result, e164, 'contact-page.number-restored')
    } else {
      // A second click finds the number on the page.
      const numbers = await listContactNumbers(db, contact.tenant_id, contact.id)
      found(numbers.find((each) => each.e164 === e164))
    }
    await seeOther(req, res, `/contacts/${contact.id}`)
  })

  router.post('/contacts/:id/numbers/:digits/first-place', async (req, res) => {
    const contact = await contactOf(req, res)
    const e164 = e164In(req.params.digits)
    if (!(await inTransaction(db, (trx) => makeFirst(trx, contact.tenant_id, contact.id, e164)))) throw notFound()
    req.session.notice = { key: 'contact-page.number-first', values: { number: wordsOf(res).number(e164) } }
    await seeOther(req, res, `/contacts/${contact.id}`)
  })

  /** Stores the number that was typed, or shows the page with what is wrong. `from`: the number that changes. */
  async function store(
    req: Request,
    res: Response,
    contact: Contact,
    from: string | null,
    work: (trx: Trx, number: NewNumber) => Promise<NumberAdded | NumberRefusal>,
  ): Promise<void> {
    const { stored, ...field } = await readNumberField(req, db, await findTenant(db, contact.tenant_id))
    const refuse = (more: Partial<NumberField>) => showContact(context, req, res, { number: { from, field: { ...field, ...more } } })
    if (stored === null) return refuse({})
    const result = await inTransaction(db, (trx) => work(trx, stored))
    if (result.outcome === 'taken') return refuse({ duplicate: result.contact })
    if (result.outcome === 'known') return refuse({ fault: 'repeated' })
    if (result.outcome === 'too-many') return refuse({ fault: 'too-many' })
    req.session.notice = noticeOf(res, result, stored.e164, from === null ? 'contact-page.number-added' : 'contact-page.number-saved')
    await seeOther(req, res, `/contacts/${contact.id}`)
  }

  async function contactOf(req: Request, res: Response): Promise<Contact> {
    return found(await findContact(db, currentUser(res).tenantId, idIn(req.params['id'])))
  }

  return router
}

/** What the page says after a number was stored. A refusal is a page that was open for too long. */
function noticeOf(
  res: Response,
  result: NumberAdded | NumberRefusal,
  e164: string,
  key: string,
): NonNullable<Request['session']['notice']> {
  const values = { number: wordsOf(res).number(e164) }
  if (result.outcome === 'gone') throw notFound()
  if (result.outcome !== 'done') return { key: 'contact-page.number-not-restored', values, tone: 'trouble' }
  return { key: result.isBarred ? 'contact-page.number-barred-too' : key, values }
}
