import { isAboutCall, isAboutTasks, type FeedEvent } from '../../domain/calls/event-feed.ts'
import type { WebContext } from '../http/context.ts'
import { stillSignedIn } from './signed-in-streams.ts'
import { TenantUpdates } from './tenant-updates.ts'
import { CallUpdate } from './call-updates.ts'
import { render } from '../http/render.ts'
import { wording } from '../wording/wording.ts'
import { replay } from './replay.ts'
import type { Message, Stream } from './stream.ts'
import { EventPoller } from './event-poller.ts'
import { TaskUpdates } from './task-updates.ts'

const pingMs = 20_000
/** Of one person; each open page has one. */
export const mostStreams = 20
/** Ends that may have changed the balance. */
const chargingKinds = ['ended', 'lost']

/** The open pages of this process. */
export class LiveStreams {
  readonly #context: WebContext
  readonly #tape: EventPoller
  readonly #streams = new Set<Stream>()
  #closed = false

  get count(): number {
    return this.#streams.size
  }

  constructor(context: WebContext) {
    this.#context = context
    this.#tape = new EventPoller(context, (event) => this.#announce(event))
  }

  /** Serves a stream until its page goes, or its session: at each ping, and before each message, that is looked up. */
  open(stream: Stream, { lastEventId, onClose }: { lastEventId: number | null; onClose: (close: () => void) => void }): void {
    if (this.#closed) return stream.end()
    this.#makeRoom(stream)
    this.#streams.add(stream)
    this.#tape.start()
    const timer = setInterval(() => void this.#keepAlive(stream), pingMs)
    onClose(() => {
      clearInterval(timer)
      this.#streams.delete(stream)
      if (this.#streams.size === 0) this.#tape.stop()
    })
    replay(this.#context, stream, lastEventId).catch((error: unknown) => {
      this.#context.log.warn({ err: error }, 'a page could not be told what it missed')
      stream.end()
    })
  }

  /** Something about an agent's own phone, for all of their pages. */
  tellAgent(agentId: number, message: Message): void {
    for (const stream of this.#streams) if (stream.user.agentId === agentId) stream.send(message)
  }

  /** Somebody signed out: their pages hear nothing more. */
  endSession(sessionId: string): void {
    for (const stream of this.#streams) if (stream.sessionId === sessionId) stream.end()
  }

  close(): void {
    this.#closed = true
    this.#tape.stop()
    for (const stream of this.#streams) stream.end()
  }

  /** The oldest pages of a person with too many make room for a new one. They are told, and so they do not come back by themselves. */
  #makeRoom({ user }: Stream): void {
    const own = [...this.#streams].filter((each) => each.user.id === user.id)
    for (const oldest of own.slice(0, Math.max(0, own.length + 1 - mostStreams))) {
      this.#streams.delete(oldest)
      void this.#pause(oldest)
    }
  }

  async #pause(stream: Stream): Promise<void> {
    const { t } = wording(stream.locale, stream.user.timeZone, this.#context.clock.now())
    const html = await render('layout/_paused-notice', { t, most: mostStreams }).catch(() => '')
    stream.send({ event: 'paused', data: { html } })
    stream.end()
  }

  async #keepAlive(stream: Stream): Promise<void> {
    // A database that is away says nothing about the session.
    const alive = await stillSignedIn(this.#context, [stream]).catch(() => [stream])
    if (alive.length > 0) stream.ping()
    else stream.end()
  }

  /** The pages of a company. Whoever was signed out meanwhile, maybe by another process, hears nothing more: the ping would be too late. */
  async #audience(tenantId: number): Promise<Stream[]> {
    const streams = [...this.#streams].filter((stream) => stream.user.tenantId === tenantId)
    const audience = await stillSignedIn(this.#context, streams)
    for (const stream of streams) if (!audience.includes(stream)) stream.end()
    return audience
  }

  async #announce(event: FeedEvent): Promise<void> {
    const audience = await this.#audience(event.tenant_id)
    if (audience.length === 0) return
    if (isAboutTasks(event)) {
      const tasks = new TaskUpdates(this.#context, event.kind === 'tasks-due' ? event.at : null)
      for (const stream of audience) stream.send(await tasks.message(stream))
      return
    }
    const news = new TenantUpdates(this.#context, event.tenant_id)
    if (!isAboutCall(event)) {
      for (const stream of audience) await news.tell(stream)
      return
    }
    const announcement = await CallUpdate.asItWas(this.#context, event)
    if (!announcement) return
    for (const stream of audience) {
      if (announcement.isSeenBy(stream)) stream.send(await announcement.row(stream))
      if (announcement.isFor(stream)) stream.send(await announcement.current(stream))
      if (chargingKinds.includes(event.kind)) await news.tell(stream)
    }
  }
}
