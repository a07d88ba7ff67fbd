import { Router, type Request, type Response } from 'express'
import { isCallId } from '../../../domain/telephony/call-id.ts'
import { writeTransferFile } from '../../../domain/telephony/call-files.ts'
import { findCall, type ListedCall } from '../../../domain/calls/history/history.ts'
import { viewerOf } from '../../../domain/calls/history/visibility.ts'
import {
  completeTransfer,
  requestTransfer,
  withdrawTransfer,
  type TransferKind,
  type TransferRefusal,
} from '../../../domain/calls/transfers/transfer-steps.ts'
import { isMoved } from '../../../domain/calls/transfers/open-transfers.ts'
import { listColleagues } from '../../../domain/floor/agent-presence.ts'
import type { WebContext } from '../../http/context.ts'
import { found, readId } from '../../http/errors.ts'
import { renderFragment } from '../../http/render-page.ts'
import { currentAgent, currentUser } from '../../http/current-user.ts'
import { field } from '../../http/request.ts'

/** Transfers to a colleague: the choice, the request, and the end of a consultation. */
export function transferRoutes(context: WebContext): Router {
  const router = Router()
  const { db, clock, config, log } = context

  router.get('/calls/:id/transfers/new', async (req, res) => {
    const call = await callOf(req, res)
    await showForm(req, res, call, call.origin === 'incoming' ? 'incoming' : null)
  })

  router.post('/calls/:id/transfers', async (req, res) => {
    const { tenantId, ...user } = currentUser(res)
    const agentId = currentAgent({ tenantId, ...user })
    const call = await callOf(req, res)
    const to = found(readId(field(req, 'to')))
    const kind: TransferKind = field(req, 'kind') === 'attended' ? 'attended' : 'blind'
    const asked = found(await requestTransfer(db, tenantId, agentId, call.id, to, kind, clock.now()))
    if (asked.outcome === 'refused') {
      return showForm(req, res, call, asked.reason)
    }
    try {
      await writeTransferFile(config.spoolDir, call.id, asked.leadLeg)
    } catch (error) {
      log.error({ err: error, tenantId, callId: call.id }, 'cannot write the transfer call file')
      await withdrawTransfer(db, call.id)
      return showForm(req, res, call, 'our-failure')
    }
    const colleague = (await listColleagues(db, tenantId, agentId, clock.now())).find((each) => each.agentId === to)
    res.status(201)
    await renderFragment(req, res, 'transfers/_asked', { colleague, kind })
  })

  router.post('/calls/:id/transfers/completion', async (req, res) => {
    const user = currentUser(res)
    const call = await callOf(req, res)
    const done = await completeTransfer(db, user.tenantId, currentAgent(user), call.id, clock.now())
    res.status(done ? 204 : 409).end()
  })

  return router

  async function callOf(req: Request, res: Response): Promise<ListedCall> {
    const id = req.params['id']
    currentAgent(currentUser(res))
    return found(typeof id === 'string' && isCallId(id) ? await findCall(db, viewerOf(currentUser(res)), id) : null)
  }

  async function showForm(req: Request, res: Response, call: ListedCall, refusal: TransferRefusal | 'our-failure' | null): Promise<void> {
    const user = currentUser(res)
    const colleagues = refusal === 'incoming' ? [] : await listColleagues(db, user.tenantId, currentAgent(user), clock.now())
    res.status(refusal === null ? 200 : refusal === 'our-failure' ? 500 : 409)
    await renderFragment(req, res, 'transfers/_form', {
      call,
      colleagues,
      refusal,
      someFree: colleagues.some(({ presence }) => presence === 'free'),
      mayConsult: !isMoved(call),
      chosen: readId(field(req, 'to')),
    })
  }
}
