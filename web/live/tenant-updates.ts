import { readBalance } from '../../domain/balance/statement.ts'
import { findTenantWarning, type TenantWarning } from '../../domain/policy/tenant-warnings.ts'
import type { WebContext } from '../http/context.ts'
import { render } from '../http/render.ts'
import { warningKey } from '../wording/warnings.ts'
import { wording } from '../wording/wording.ts'
import type { Message, Stream } from './stream.ts'

/** What every page of a company shows of it: the minutes that are left, and the banner. Asked for once for all who hear it. */
export class TenantUpdates {
  readonly #context: WebContext
  readonly #tenantId: number
  #balance: Promise<{ balanceSeconds: number }> | undefined
  #warning: Promise<TenantWarning | null> | undefined

  constructor(context: WebContext, tenantId: number) {
    this.#context = context
    this.#tenantId = tenantId
  }

  /** Both, the banner first: it may need action. */
  async tell(stream: Stream): Promise<void> {
    stream.send(await this.banner(stream))
    stream.send(await this.balance(stream))
  }

  async balance(stream: Stream): Promise<Message> {
    const balance = await (this.#balance ??= readBalance(this.#context.db, this.#tenantId))
    return { event: 'balance', data: { html: await this.#render('balance/_figure', stream, balance) } }
  }

  /** Without the token of a session: the page that puts it in its place sends its own with every request. */
  async banner(stream: Stream): Promise<Message> {
    const warning = await (this.#warning ??= findTenantWarning(this.#context.db, this.#tenantId))
    const html = warning ? await this.#render('layout/_banner', stream, { warning, csrfToken: null }) : ''
    return { event: 'banner', data: { warning: warning && warningKey(warning), html } }
  }

  #render(view: string, { user, locale }: Stream, locals: Record<string, unknown>): Promise<string> {
    const words = wording(locale, user.timeZone, this.#context.clock.now())
    return render(view, { words, t: words.t, user, ...locals })
  }
}
