import type { Response } from 'express'
import type { CompanyUser } from '../../domain/accounts/users.ts'
import type { Locale } from '../../domain/database/schema.ts'

/** A message to a page. Without an id it does not move the page's place on the tape. */
export interface Message {
  event: 'call' | 'current' | 'balance' | 'tasks' | 'banner' | 'phone' | 'missed' | 'new-version' | 'paused' | 'ping'
  id?: number
  data: unknown
}

/** A reader that does not read is let go once this much waits for it; it comes back and asks for what it missed. */
const mostWaitingBytes = 1_000_000

/** One open page: server-sent events to one person. */
export class Stream {
  readonly user: CompanyUser
  readonly locale: Locale
  readonly sessionId: string
  readonly #res: Response

  constructor(res: Response, { user, locale, sessionId }: { user: CompanyUser; locale: Locale; sessionId: string }) {
    this.user = user
    this.locale = locale
    this.sessionId = sessionId
    this.#res = res
    // nginx would otherwise collect what we send until its buffer is full.
    res.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
    res.flushHeaders()
    res.write('retry: 2000\n\n')
  }

  send({ event, id, data }: Message): void {
    this.#write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`)
  }

  /** Keeps proxies from closing an idle connection, and tells the page that the connection lives: no script hears of a comment. */
  ping(): void {
    this.send({ event: 'ping', data: {} })
  }

  end(): void {
    this.#res.end()
  }

  #write(text: string): void {
    if (this.#res.writableEnded || this.#res.destroyed) return
    this.#res.write(text)
    if (this.#res.writableLength > mostWaitingBytes) this.#res.destroy()
  }
}
