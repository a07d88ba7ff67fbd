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
/** Streams of one user; each open page has one. */
export const mostStreams = 20
/** Ends that may have changed the balance. */
const chargingKinds = ['ended', 'lost']

/** The open pages of this process. */
export class LiveStreams {
  readonly #context: WebContext
  readonly #poller: EventPoller
  readonly #streams = new Set<Stream>()
  #closed = false

  get count(): number {
    return this.#streams.size
  }

  constructor(context: WebContext) {
    this.#context = context
    this.#poller = new EventPoller(context, (event) => this.#announce(event))
  }

  /** Serves a stream until its page closes or its session ends, which is checked at each ping and before each message. */
  open(stream: Stream, { lastEventId, onClose }: { lastEventId: number | null; onClose: (close: () => void) => void }): void {
    if (this.#closed) return stream.end()
    this.#makeRoom(stream)
    this.#streams.add(stream)
    this.#poller.start()
    const timer = setInterval(() => void this.#keepAlive(stream), pingMs)
    onClose(() => {
      clearInterval(timer)
      this.#streams.delete(stream)
      if (this.#streams.size === 0) this.#poller.stop()
    })
    replay(this.#context, stream, lastEventId).catch((error: unknown) => {
      this.#context.log.warn({ err: error }, 'live stream replay failed')
      stream.end()
    })
  }

  /** Sends a message about an agent's phone to all pages of that agent. */
  tellAgent(agentId: number, message: Message): void {
    for (const stream of this.#streams) if (stream.user.agentId === agentId) stream.send(message)
  }

  /** Ends the streams of a session at sign-out. */
  endSession(sessionId: string): void {
    for (const stream of this.#streams) if (stream.sessionId === sessionId) stream.end()
  }

  close(): void {
    this.#closed = true
    this.#poller.stop()
    for (const stream of this.#streams) stream.end()
  }

  /** Pauses the oldest pages of a user with too many. They get a message, so they do not reconnect by themselves. */
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
    // If the database is unreachable, the session may still be valid.
    const alive = await stillSignedIn(this.#context, [stream]).catch(() => [stream])
    if (alive.length > 0) stream.ping()
    else stream.end()
  }

  /** The open pages of a company. Streams whose session has ended, maybe in another process, are ended here, before the next message. */
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
