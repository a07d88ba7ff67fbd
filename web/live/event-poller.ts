import { findFeedEnd, readFeed, type FeedEvent } from '../../domain/calls/event-feed.ts'
import type { WebContext } from '../http/context.ts'

const pollMs = 200
const retryMs = 2000
/** How long a transaction may take from writing its event to committing it. */
const commitWindowMs = 5000
/** How many rows before the end the first poll reads. */
const startWindow = 200

/**
 * Reads `call_events` while a page is open. MariaDB assigns an id before the transaction commits, so rows appear out of
 * order: each poll reads the rows of the commit window again, and skips those already delivered.
 */
export class EventPoller {
  readonly #context: WebContext
  readonly #deliver: (event: FeedEvent) => Promise<void>
  /** All rows up to here are delivered, or will never appear. */
  #floor = 0
  /** Row → when it was first seen, in ms of the steady clock. */
  readonly #seenAtMs = new Map<number, number>()
  #running = false
  #timer: NodeJS.Timeout | undefined
  #turn = 0

  constructor(context: WebContext, deliver: (event: FeedEvent) => Promise<void>) {
    this.#context = context
    this.#deliver = deliver
  }

  start(): void {
    if (this.#running) return
    this.#running = true
    void this.#run((this.#turn += 1))
  }

  stop(): void {
    this.#running = false
    clearTimeout(this.#timer)
  }

  /** `turn` tells this loop from one before a stop, which may still wait for a query. */
  async #run(turn: number, started = false): Promise<void> {
    let wait = pollMs
    try {
      if (started) await this.#readOn()
      else await this.#begin()
      started = true
    } catch (error) {
      this.#context.log.warn({ err: error }, 'cannot read call events')
      wait = retryMs
    }
    if (!this.#running || turn !== this.#turn) return
    this.#timer = setTimeout(() => void this.#run(turn, started), wait)
  }

  /** Rows from before the start are history: a page that connects asks for those it missed. */
  async #begin(): Promise<void> {
    this.#floor = Math.max(0, (await findFeedEnd(this.#context.db)) - startWindow)
    this.#seenAtMs.clear()
    for (const event of await readFeed(this.#context.db, this.#floor)) this.#seenAtMs.set(event.id, performance.now())
  }

  async #readOn(): Promise<void> {
    const events = await readFeed(this.#context.db, this.#floor)
    for (const event of events) {
      if (this.#seenAtMs.has(event.id)) continue
      // If the database fails in between, the row is delivered twice, which does no harm: messages carry the present state.
      await this.#deliver(event)
      this.#seenAtMs.set(event.id, performance.now())
    }
    this.#raiseFloor(events)
  }

  #raiseFloor(events: readonly FeedEvent[]): void {
    const settledBefore = performance.now() - commitWindowMs
    for (const { id } of events) {
      if ((this.#seenAtMs.get(id) ?? Infinity) > settledBefore) return
      this.#floor = id
      this.#seenAtMs.delete(id)
    }
  }
}
