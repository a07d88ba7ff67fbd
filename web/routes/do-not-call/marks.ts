import { Router, type Request } from 'express'
import { isCallId } from '../../../domain/telephony/call-id.ts'
import { findCall } from '../../../domain/calls/history/history.ts'
import { viewerOf } from '../../../domain/calls/history/visibility.ts'
import { allowContact, barContact } from '../../../domain/contacts/bar-contact.ts'
import { findContact, type Contact } from '../../../domain/contacts/contacts.ts'
import { areAllBarred, listContactNumbers } from '../../../domain/contacts/numbers.ts'
import { inTransaction } from '../../../domain/database/transaction.ts'
import { addDoNotCall, findDoNotCall, restoreDoNotCall, undoDoNotCall, type AddedEntries } from '../../../domain/policy/do-not-call.ts'
import { formatPhoneNumber } from '../../../domain/telephony/phone-numbers.ts'
import type { CompanyUser } from '../../../domain/accounts/users.ts'
import type { WebContext } from '../../http/context.ts'
import { HttpError, found, idIn, notFound } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderPage } from '../../http/render-page.ts'
import { currentUser, requireManager } from '../../http/current-user.ts'
import { cameFrom, field } from '../../http/request.ts'
import { longestReason, readReason } from '../../forms/reason.ts'
import { seeOther } from '../../auth/sessions.ts'
import { leadChoice } from '../../wording/do-not-call.ts'
import { entryOf, rememberRemoved, takeRemoved } from './removed-numbers.ts'

/** A lead asks for no more calls. Agents and managers note that on the lead's page or on the call's. */
export function doNotCallMarkRoutes(context: WebContext): Router {
  const router = Router()
  const { db, log } = context

  router.get('/contacts/:id/do-not-call', async (req, res) => {
    const { tenantId } = currentUser(res)
    const contact = found(await findContact(db, tenantId, idIn(req.params.id)))
    const numbers = await listContactNumbers(db, tenantId, contact.id)
    await renderPage(context, req, res, {
      view: 'do-not-call/contact',
      title: wordsOf(res).t('do-not-call.stop'),
      section: 'contacts',
      locals: {
        contact,
        numbers,
        whom: numbers.length > 1 ? leadChoice(numbers, wordsOf(res)) : null,
        entry: areAllBarred(numbers) ? await findDoNotCall(db, tenantId, numbers[0]?.e164 ?? '') : null,
      },
    })
  })

  /** Bars the person, or only the number in the field `number`. */
  router.post('/contacts/:id/do-not-call', async (req, res) => {
    const user = currentUser(res)
    const contact = found(await findContact(db, user.tenantId, idIn(req.params.id)))
    const chosen = field(req, 'number')
    if (chosen === '') await barPerson(context, req, user, contact)
    else {
      const numbers = await listContactNumbers(db, user.tenantId, contact.id)
      await barNumber(context, req, user, found(numbers.find(({ e164 }) => e164 === chosen)).e164)
    }
    await seeOther(req, res, chosen === '' ? '/contacts' : `/contacts/${contact.id}`)
  })

  /** The person may be called again: takes all numbers of the lead off the list. */
  router.post('/contacts/:id/do-not-call/removal', async (req, res) => {
    const { tenantId, email } = requireManager(currentUser(res))
    const contact = found(await findContact(db, tenantId, idIn(req.params.id)))
    const removed = await allowContact(db, tenantId, contact.id)
    log.info({ tenantId, email, count: removed.length }, 'do-not-call entries of a lead removed')
    for (const entry of removed) rememberRemoved(req, entry)
    const undo = `/contacts/${contact.id}/do-not-call/restoration`
    req.session.notice = { key: 'do-not-call.removed', values: { name: contact.name }, undo }
    await seeOther(req, res, cameFrom(req))
  })

  router.post('/contacts/:id/do-not-call/restoration', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    const contact = found(await findContact(db, tenantId, idIn(req.params.id)))
    const numbers = await listContactNumbers(db, tenantId, contact.id)
    const removed = takeRemoved(
      req,
      numbers.map(({ e164 }) => e164),
    )
    // A second click finds the numbers on the list.
    if (removed.length === 0 && !areAllBarred(numbers)) throw notFound()
    await inTransaction(db, async (trx) => {
      for (const each of removed) await restoreDoNotCall(trx, tenantId, entryOf(each))
    })
    req.session.notice = { key: 'do-not-call.restored', values: { name: contact.name } }
    await seeOther(req, res, cameFrom(req))
  })

  router.get('/calls/:id/do-not-call', (req, res) => res.redirect(303, `/calls/${req.params.id}`))

  /** Bars the person, or only the number of the call (`whom` = `number`). */
  router.post('/calls/:id/do-not-call', async (req, res) => {
    const user = currentUser(res)
    const call = found(isCallId(req.params.id) ? await findCall(db, viewerOf(user), req.params.id) : null)
    // Emergency and service numbers such as 190 have no E.164 form.
    const e164 = found(call.e164)
    const contact = call.contact_id === null ? null : await findContact(db, user.tenantId, call.contact_id)
    if (contact && field(req, 'whom') !== 'number') await barPerson(context, req, user, contact, e164)
    else await barNumber(context, req, user, e164)
    await seeOther(req, res, `/calls/${call.id}`)
  })

  /** Undoes the last entry of this user: one number, or all numbers of a person. */
  router.post('/do-not-call/undo', async (req, res) => {
    const { tenantId, email } = requireManager(currentUser(res))
    const { e164s, author, at } = found(req.session.lastBarred)
    const undone = await undoDoNotCall(db, tenantId, { e164s, author, at: new Date(at) })
    delete req.session.lastBarred
    log.info({ tenantId, email, count: e164s.length, undone }, 'do-not-call undo')
    req.session.notice = undone
      ? { key: 'do-not-call.undone', values: {} }
      : { key: 'do-not-call.asked-since', values: {}, tone: 'trouble' }
    await seeOther(req, res, cameFrom(req))
  })

  return router
}

/** `called`: the number of the call, which may be an earlier one of the lead. */
async function barPerson({ db, clock }: WebContext, req: Request, user: CompanyUser, contact: Contact, called?: string): Promise<void> {
  const [entry, at] = [{ reason: reasonOf(req), author: user.email }, clock.now()]
  const e164s = await barContact(db, user.tenantId, contact.id, entry, at, called)
  note(req, user, { e164s, author: user.email, at }, contact.name)
}

async function barNumber({ db, clock }: WebContext, req: Request, user: CompanyUser, e164: string): Promise<void> {
  const [entry, at] = [{ reason: reasonOf(req), author: user.email }, clock.now()]
  const added = await addDoNotCall(db, user.tenantId, [e164], entry, at)
  note(req, user, { e164s: added === 1 ? [e164] : [], author: user.email, at }, formatPhoneNumber(e164))
}

/** Only a manager undoes it. */
function note(req: Request, user: CompanyUser, { e164s, author, at }: AddedEntries, name: string): void {
  const canUndo = user.role === 'manager' && e164s.length > 0
  if (canUndo) req.session.lastBarred = { e164s, author, at: at.toISOString() }
  req.session.notice = { key: 'do-not-call.noted', values: { name }, ...(canUndo ? { undo: '/do-not-call/undo' } : {}) }
}

function reasonOf(req: Request): string {
  const reason = readReason(req)
  // The field takes no more.
  if (reason.length > longestReason) throw new HttpError(400, 'reason-long')
  return reason
}
