import { openStates } from '../../domain/calls/call.ts'
import { findCall, type ListedCall } from '../../domain/calls/history/history.ts'
import {
  agentViewer,
  maySeeEvent,
  panelPerspectiveOf,
  perspectiveOf,
  viewerOf,
  wholeTenant,
  type Perspective,
} from '../../domain/calls/history/visibility.ts'
import { findNextNumber, type NextNumber } from '../../domain/calls/outgoing/next-number.ts'
import { findLastNote, type LastNote } from '../../domain/calls/wrap-up/last-note.ts'
import { readSecondsLeft } from '../../domain/calls/outgoing/renew-lease.ts'
import { readRings } from '../../domain/calls/incoming/ring-targets.ts'
import type { CallFeedEvent } from '../../domain/calls/event-feed.ts'
import type { CallState, Locale } from '../../domain/database/schema.ts'
import type { CompanyUser } from '../../domain/accounts/users.ts'
import type { WebContext } from '../http/context.ts'
import { render } from '../http/render.ts'
import { isBetweenAgents } from '../wording/calls.ts'
import { wording } from '../wording/wording.ts'
import type { Message, Stream } from './stream.ts'

/** An event as the pages hear it. Each text is rendered once for all who read it alike. */
export class CallUpdate {
  readonly #context: WebContext
  readonly #event: CallFeedEvent
  readonly #call: ListedCall
  /** Whose phones an incoming call rang, by agent; true = they ring now, or were the last. */
  readonly #rings: ReadonlyMap<number, boolean>
  #nextNumber: Promise<NextNumber | null> | undefined
  readonly #texts = new Map<string, Promise<string>>()

  private constructor(context: WebContext, event: CallFeedEvent, call: ListedCall, rings: ReadonlyMap<number, boolean>) {
    this.#context = context
    this.#event = event
    this.#call = call
    this.#rings = rings
  }

  /** What is true of the call now. Null when the call is not there any more. */
  static async of(context: WebContext, event: CallFeedEvent): Promise<CallUpdate | null> {
    const call = await findCall(context.db, wholeTenant(event.tenant_id), event.call_id)
    return call && new CallUpdate(context, event, call, call.origin === 'incoming' ? await readRings(context.db, call.id) : new Map())
  }

  /** What was true when it happened: a page sees every state, also those that pass within one reading of the tape. */
  static async asItWas(context: WebContext, event: CallFeedEvent): Promise<CallUpdate | null> {
    const present = await CallUpdate.of(context, event)
    return present && new CallUpdate(context, event, callAt(present.#call, event.kind), present.#rings)
  }

  /** Whether this person may see the call. */
  isSeenBy({ user }: Stream): boolean {
    return maySeeEvent(viewerOf(user), this.#event, this.#rings)
  }

  /** Whether it is for the panel of this person's phone: their own call, or one that rings there or has just stopped. */
  isFor({ user }: Stream): boolean {
    const { kind, agent_id } = this.#event
    if (user.agentId === null) return false
    if (user.agentId === agent_id) return true
    const rings = this.#rings.get(user.agentId)
    if (rings === undefined) return false
    if (kind === 'ringing') return rings && this.#call.state === 'authorized'
    return kind === 'answered' || (this.#call.agent_id === null && this.#call.ended_at !== null)
  }

  /** The row of the history, and what the list of leads says of its lead. */
  async row(stream: Stream): Promise<Message> {
    const perspective = perspectiveOf(viewerOf(stream.user), this.#call)
    const { id, state, contact_id } = this.#call
    const row = await this.#text('calls/_call', stream, perspective)
    const contact = contact_id === null ? null : { id: contact_id, last: await this.#text('contacts/_last', stream, perspective) }
    return { event: 'call', id: this.#event.id, data: { id, state, row, contact } }
  }

  /** The panel of the agent whose call it is, whose phone rings, or who passed it on. */
  async current(stream: Stream): Promise<Message> {
    const { id, answered_at, transfer_state } = this.#call
    const perspective = panelPerspectiveOf(viewerOf(stream.user), this.#call)
    const state = this.#stateFor(perspective)
    const consultation =
      state === 'answered' && (transfer_state === 'consulting' || transfer_state === 'consulted') ? transfer_state : 'none'
    const recording =
      state !== 'answered' || this.#call.recording_state === null ? 'none' : this.#call.recording_paused_at_ms === null ? 'on' : 'paused'
    const html = await this.#text('calls/_current', stream, perspective, {
      secondsLeft: await this.#secondsLeft(),
      lastNote: await this.#lastNote(stream),
      nextNumber: perspective === 'own' ? await this.#findNext() : null,
      passedOn: state === 'transferred',
    })
    return {
      event: 'current',
      data: {
        id,
        state,
        kind: this.#event.kind,
        answeredAt: answered_at?.toISOString() ?? null,
        recording,
        consultation,
        html,
      },
    }
  }

  /** The state of the call on this phone: `taken` when it only rang here, `transferred` when the lead was taken away from here. */
  #stateFor(perspective: Perspective): CallState | 'taken' | 'transferred' {
    const { state } = this.#call
    if (state !== 'answered' || (perspective === 'own' && !isBetweenAgents(this.#call))) return state
    return perspective === 'rung' ? 'taken' : 'transferred'
  }

  /** Before a call ends by itself, how long that takes. */
  async #secondsLeft(): Promise<number | null> {
    const { db, clock } = this.#context
    const { id, tenant_id } = this.#call
    return this.#event.kind.endsWith('-ending') ? readSecondsLeft(db, tenant_id, id, clock.now()) : null
  }

  /** While a lead rings: what this agent last noted of them. */
  async #lastNote({ user }: Stream): Promise<LastNote | null> {
    const { origin, state, e164 } = this.#call
    if (user.agentId === null || origin !== 'incoming' || state !== 'authorized' || e164 === null) return null
    return findLastNote(this.#context.db, agentViewer(user.tenantId, user.agentId), e164)
  }

  /** The other number of the lead, to offer after a call failed. */
  #findNext(): Promise<NextNumber | null> {
    return (this.#nextNumber ??= findNextNumber(this.#context.db, this.#call))
  }

  #text(view: string, { locale, user }: Stream, perspective: Perspective, more: Record<string, unknown> = {}): Promise<string> {
    // An agent's last note is for that agent only.
    const reader = more['lastNote'] ? ` ${user.id}` : ''
    const key = `${view} ${locale} ${user.role} ${perspective}${reader}`
    const known = this.#texts.get(key)
    if (known) return known
    const made = this.#render(view, locale, user, perspective, more)
    this.#texts.set(key, made)
    return made
  }

  async #render(
    view: string,
    locale: Locale,
    { timeZone, role }: CompanyUser,
    perspective: Perspective,
    more: Record<string, unknown>,
  ): Promise<string> {
    const words = wording(locale, timeZone, this.#context.clock.now())
    const last = { lastCallAt: this.#call.requested_at, lastOutcome: this.#call.outcome }
    const locals = {
      words,
      t: words.t,
      ...last,
      ...more,
      call: this.#call,
      kind: this.#event.kind,
      perspective,
      showsAgent: role === 'manager',
    }
    return render(view, locals)
  }
}

/** A call that has moved on since one of its open states, as it was in it. */
function callAt(call: ListedCall, kind: string): ListedCall {
  const state = openStates.find((open) => open === kind)
  if (state === undefined || state === call.state) return call
  const answered_at = state === 'answered' ? call.answered_at : null
  return {
    ...call,
    state,
    answered_at,
    ended_at: null,
    outcome: null,
    hung_up_by: null,
    talk_seconds: 0,
    billed_seconds: 0,
    recording_state: null,
  }
}
