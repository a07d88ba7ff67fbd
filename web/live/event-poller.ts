import { findFeedEnd, readFeed, type FeedEvent } from '../../domain/calls/event-feed.ts'
import type { WebContext } from '../http/context.ts'

const pollMs = 200
const retryMs = 2000
/** How long a transaction may take from writing its event to committing it. */
const commitWindowMs = 5000
/** How far behind its end the tape is read again at the start. */
const startWindow = 200

/**
 * Reads `call_events` while somebody listens. An id is given out before its transaction commits, so lines appear
 * out of order: everything younger than the window is read again each time, and what was delivered is remembered.
 */
export class EventPoller {
  readonly #context: WebContext
  readonly #deliver: (event: FeedEvent) => Promise<void>
  /** Every line up to here has been seen, or never will be. */
  #floor = 0
  /** When they were first seen, in ms of a clock that is never set. */
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

  /** `turn` tells a reading from the one before a stop, which may still be waiting for its answer. */
  async #run(turn: number, started = false): Promise<void> {
    let wait = pollMs
    try {
      if (started) await this.#readOn()
      else await this.#begin()
      started = true
    } catch (error) {
      this.#context.log.warn({ err: error }, 'the tape of call events could not be read')
      wait = retryMs
    }
    if (!this.#running || turn !== this.#turn) return
    this.#timer = setTimeout(() => void this.#run(turn, started), wait)
  }

  /** What is there at the start is history: who connects asks for what they missed of it. */
  async #begin(): Promise<void> {
    this.#floor = Math.max(0, (await findFeedEnd(this.#context.db)) - startWindow)
    this.#seenAtMs.clear()
    for (const event of await readFeed(this.#context.db, this.#floor)) this.#seenAtMs.set(event.id, performance.now())
  }

  async #readOn(): Promise<void> {
    const events = await readFeed(this.#context.db, this.#floor)
    for (const event of events) {
      if (this.#seenAtMs.has(event.id)) continue
      // Delivered again rather than not at all when the database goes away in between: messages carry the present state.
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
