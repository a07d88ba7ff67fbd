import { Router, type Request } from 'express'
import { isCallId } from '../../../domain/telephony/call-id.ts'
import { findCall } from '../../../domain/calls/history/history.ts'
import { viewerOf } from '../../../domain/calls/history/visibility.ts'
import { findContact } from '../../../domain/contacts/contacts.ts'
import { addDoNotCall, findDoNotCall } from '../../../domain/policy/do-not-call.ts'
import { formatPhoneNumber } from '../../../domain/telephony/phone-numbers.ts'
import type { CompanyUser } from '../../../domain/accounts/users.ts'
import type { WebContext } from '../../http/context.ts'
import { HttpError, found, idIn } from '../../http/errors.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderPage } from '../../http/render-page.ts'
import { currentUser } from '../../http/current-user.ts'
import { longestReason, readReason } from '../../forms/reason.ts'
import { seeOther } from '../../auth/sessions.ts'

/** A lead asks for no more calls. Agents and managers note that on the lead's page or on the call's. */
export function doNotCallMarkRoutes(context: WebContext): Router {
  const router = Router()
  const { db } = context

  router.get('/contacts/:id/do-not-call', async (req, res) => {
    const { tenantId } = currentUser(res)
    const contact = found(await findContact(db, tenantId, idIn(req.params.id)))
    await renderPage(context, req, res, {
      view: 'do-not-call/contact',
      title: wordsOf(res).t('do-not-call.stop'),
      section: 'contacts',
      locals: { contact, entry: await findDoNotCall(db, tenantId, contact.e164) },
    })
  })

  router.post('/contacts/:id/do-not-call', async (req, res) => {
    const user = currentUser(res)
    const contact = found(await findContact(db, user.tenantId, idIn(req.params.id)))
    await note(context, req, user, contact.e164, contact.name)
    await seeOther(req, res, '/contacts')
  })

  router.get('/calls/:id/do-not-call', (req, res) => res.redirect(303, `/calls/${req.params.id}`))

  router.post('/calls/:id/do-not-call', async (req, res) => {
    const user = currentUser(res)
    const call = found(isCallId(req.params.id) ? await findCall(db, viewerOf(user), req.params.id) : null)
    // Emergency and service numbers such as 190 have no E.164 form.
    const e164 = found(call.e164)
    await note(context, req, user, e164, call.contact_name ?? formatPhoneNumber(e164))
    await seeOther(req, res, `/calls/${call.id}`)
  })

  return router
}

async function note({ db, clock }: WebContext, req: Request, user: CompanyUser, e164: string, name: string): Promise<void> {
  const reason = readReason(req)
  // The field takes no more.
  if (reason.length > longestReason) throw new HttpError(400, 'reason-long')
  await addDoNotCall(db, user.tenantId, [e164], { reason, author: user.email }, clock.now())
  const undo = user.role === 'manager' ? { undo: `/do-not-call/${e164.slice(1)}/removal` } : {}
  req.session.notice = { key: 'do-not-call.noted', values: { name }, ...undo }
}
