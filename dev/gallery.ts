import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Seen } from './past-calls.ts'
import { demoPassword } from './seed.ts'

const emails = { ana: 'ana@padaria-sol.example', marcia: 'marcia@padaria-sol.example', olga: 'olga@ramal.example' }

/** The pages of the site by the names of their screenshots, and the user who opens them. */
export const gallery: { name: string; who: keyof typeof emails | null; path: string }[] = [
  { name: 'sign-in', who: null, path: '/sign-in' },
  { name: 'leads', who: 'ana', path: '/contacts' },
  { name: 'new-lead', who: 'ana', path: '/contacts/new' },
  { name: 'lead', who: 'ana', path: '/contacts/:lead' },
  { name: 'lead-with-numbers', who: 'ana', path: '/contacts/:several' },
  { name: 'lists', who: 'ana', path: '/lists' },
  { name: 'list-work', who: 'ana', path: '/lists/:list/work' },
  { name: 'tasks', who: 'ana', path: '/tasks' },
  { name: 'import-leads', who: 'marcia', path: '/contact-imports/new' },
  { name: 'lists-manager', who: 'marcia', path: '/lists' },
  { name: 'new-list', who: 'marcia', path: '/lists/new' },
  { name: 'list', who: 'marcia', path: '/lists/:list' },
  { name: 'calls', who: 'marcia', path: '/calls' },
  { name: 'calls-none-match', who: 'marcia', path: '/calls?outcome=rejected&number=4309' },
  { name: 'calls-missed', who: 'marcia', path: '/calls?direction=missed' },
  { name: 'call', who: 'marcia', path: '/calls/:call' },
  { name: 'phone', who: 'ana', path: '/phone' },
  { name: 'balance', who: 'marcia', path: '/balance' },
  { name: 'do-not-call', who: 'marcia', path: '/do-not-call' },
  { name: 'do-not-call-new', who: 'marcia', path: '/do-not-call/new' },
  { name: 'do-not-call-import', who: 'marcia', path: '/do-not-call/imports' },
  { name: 'rules', who: 'marcia', path: '/rules' },
  { name: 'server', who: 'olga', path: '/server' },
  { name: 'not-found', who: 'ana', path: '/nowhere' },
]

/** A window with that user signed in, or without a user. */
export async function opens(
  browser: Browser,
  url: string,
  who: keyof typeof emails | null,
  colorScheme: 'light' | 'dark',
): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'pt-BR', colorScheme, viewport: { width: 1440, height: 900 } })
  if (who === null) return context
  const page = await context.newPage()
  await page.goto(`${url}/sign-in`)
  await page.fill('input[name=email]', emails[who])
  await page.fill('input[name=password]', demoPassword)
  await page.click('form[action="/sessions"] button')
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'))
  await page.close()
  return context
}

/** Opens every page of the gallery, with one window per user. `seen`: the ids in its addresses. */
export async function visit(
  browser: Browser,
  url: string,
  seen: Seen,
  colorScheme: 'light' | 'dark',
  look: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  for (const who of [null, 'ana', 'marcia', 'olga'] as const) {
    const context = await opens(browser, url, who, colorScheme)
    const page = await context.newPage()
    for (const { name, path } of gallery.filter((each) => each.who === who)) {
      const ids = { call: seen.callId, lead: seen.contactId, several: seen.severalNumbersId, list: seen.listId }
      const address = path.replace(/:([a-z]+)/, (_, id: keyof typeof ids) => String(ids[id]))
      await page.goto(url + address)
      await look(page, name)
    }
    await context.close()
  }
}
