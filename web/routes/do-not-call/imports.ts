import { Router, type Request, type Response } from 'express'
import { addDoNotCall } from '../../../domain/policy/do-not-call.ts'
import { readDoNotCallFileInTurns, type FaultyLine } from '../../../domain/policy/do-not-call-file.ts'
import { findExcess, isWorkbook, longestLine, mostLines } from '../../../domain/runtime/sheet-limits.ts'
import { findTenant } from '../../../domain/tenants/tenants.ts'
import type { WebContext } from '../../http/context.ts'
import { wordsOf } from '../../http/locale.ts'
import { renderPage } from '../../http/render-page.ts'
import { currentUser, requireManager } from '../../http/current-user.ts'
import { longestReason, readReason } from '../../forms/reason.ts'
import { field } from '../../http/request.ts'

/** How many wrong lines are explained one by one. All of them return in the form, to be corrected. */
const mostExplained = 500

interface Import {
  numbers: string
  reason: string
  errors: Partial<Record<'numbers' | 'file' | 'reason', string>>
  result: { added: number; known: number; repeated: number; faults: FaultyLine[] } | null
}

/** Many numbers at once for the do-not-call list, pasted or from a file. */
export function doNotCallImportRoutes(context: WebContext): Router {
  const router = Router()
  const { db, clock, log } = context

  router.get('/do-not-call/imports', async (req, res) => {
    requireManager(currentUser(res))
    await show(context, req, res, { numbers: '', reason: '', errors: {}, result: null })
  })

  router.post('/do-not-call/imports', async (req, res) => {
    const { tenantId, email } = requireManager(currentUser(res))
    const [pasted, file, reason] = [field(req, 'numbers'), field(req, 'file'), readReason(req)]
    const errors = inputErrors(res, pasted, file, reason)
    if (Object.keys(errors).length > 0) return show(context, req, res, { numbers: pasted, reason, errors, result: null }, 422)
    const { default_area_code } = await findTenant(db, tenantId)
    const { numbers, repeated, faults } = await readDoNotCallFileInTurns(pasted.trim() === '' ? file : pasted, default_area_code)
    const added = await addDoNotCall(db, tenantId, numbers, { reason, author: email }, clock.now())
    const result = { added, known: numbers.length - added, repeated, faults }
    log.info({ tenantId, email, added, faults: faults.length }, 'do-not-call list imported')
    await show(context, req, res, { numbers: faults.map(({ text }) => text).join('\n'), reason, errors: {}, result })
  })

  return router
}

/** An error message for each field with wrong input. */
function inputErrors(res: Response, pasted: string, file: string, reason: string): Import['errors'] {
  const words = wordsOf(res)
  const say = (key: string, line = 0) =>
    words.t(`do-not-call.import.error.${key}`, {
      count: words.count(mostLines),
      line: words.count(line),
      letters: words.count(longestLine),
    })
  const errors: Import['errors'] = {}
  const [hasText, hasFile] = [pasted.trim() !== '', file.trim() !== '']
  if (hasText && hasFile) errors.file = say('both')
  else if (!hasText && !hasFile) errors.numbers = say('empty')
  else if (hasFile && isWorkbook(file)) errors.file = say('workbook')
  else {
    const excess = findExcess(hasFile ? file : pasted)
    if (excess) errors[hasFile ? 'file' : 'numbers'] = say(excess.fault, excess.line)
  }
  if (reason.length > longestReason) errors.reason = say('reason')
  return errors
}

async function show(context: WebContext, req: Request, res: Response, form: Import, status = 200): Promise<void> {
  const { default_area_code } = await findTenant(context.db, currentUser(res).tenantId)
  await renderPage(context, req, res, {
    view: 'do-not-call/import',
    title: wordsOf(res).t('do-not-call.import'),
    section: 'do-not-call',
    status,
    locals: { form, areaCode: default_area_code, explained: form.result?.faults.slice(0, mostExplained) ?? [], mostLines },
  })
}
