import { Router } from 'express'
import { findProgress } from '../../../domain/contacts/imports/imports.ts'
import { answerQuestion, leaveOut } from '../../../domain/contacts/imports/questions.ts'
import type { WebContext } from '../../http/context.ts'
import { found, idIn, readId } from '../../http/errors.ts'
import { currentUser, requireManager } from '../../http/current-user.ts'
import { field } from '../../http/request.ts'
import { seeOther } from '../../auth/sessions.ts'

/** The answer to a row of a file whose numbers belong to two leads: the lead that it belongs to, or none. */
export function importQuestionRoutes({ db, clock }: WebContext): Router {
  const router = Router()

  router.post('/contact-imports/:id/rows/:line', async (req, res) => {
    const { tenantId } = requireManager(currentUser(res))
    const work = found(await findProgress(db, tenantId, idIn(req.params.id)))
    const line = idIn(req.params.line)
    const contactId = readId(field(req, 'contact'))
    if (contactId === null) await leaveOut(db, work, line)
    else {
      const answered = await answerQuestion(db, work, { line, contactId, shown: field(req, 'shown') }, clock.now())
      const key = `contact-import.answer.${answered}`
      req.session.notice = answered === 'done' ? { key, values: { line: String(line) } } : { key, values: {}, tone: 'trouble' }
    }
    await seeOther(req, res, `/contact-imports/${work.id}`)
  })

  return router
}
