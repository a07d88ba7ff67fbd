import { appVersion } from '../http/app-version.ts'
import { render } from '../http/render.ts'
import type { Wording } from '../wording/wording.ts'
import type { Stream } from './stream.ts'

/** Offers a reload to a page that was loaded before an upgrade of the site. `pageVersion`: '' if the page does not say it. */
export async function offerNewVersion(stream: Stream, pageVersion: string, { t }: Wording): Promise<void> {
  if (pageVersion === '' || pageVersion === appVersion()) return
  stream.send({ event: 'new-version', data: { html: await render('layout/_new-version', { t }) } })
}
