import type { BrowserContext, Page } from 'playwright-core'
import { demoPassword } from '../seed.ts'
import type { Stage } from './stage.ts'
import { patienceMs, until } from './until.ts'

/** A user at a browser, who looks, clicks and types. */
export class Person {
  readonly page: Page
  readonly context: BrowserContext
  readonly #stage: Stage

  private constructor(stage: Stage, context: BrowserContext, page: Page) {
    this.#stage = stage
    this.context = context
    this.page = page
  }

  static async signIn(stage: Stage, email: string, { language = 'pt-BR' }: { language?: string } = {}): Promise<Person> {
    const context = await stage.browser.newContext({
      locale: language,
      permissions: ['microphone'],
      viewport: { width: 1440, height: 900 },
    })
    context.setDefaultTimeout(patienceMs)
    context.setDefaultNavigationTimeout(patienceMs)
    const page = await context.newPage()
    await page.goto(`${stage.stack.url}/sign-in`)
    await page.fill('input[name=email]', email)
    await page.fill('input[name=password]', demoPassword)
    await page.click('form[action="/sessions"] button')
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    return new Person(stage, context, page)
  }

  /** Opens another tab of the same browser. */
  async opensTab(path = '/contacts'): Promise<Person> {
    const page = await this.context.newPage()
    await page.goto(`${this.#stage.stack.url}${path}`)
    return new Person(this.#stage, this.context, page)
  }

  /** Turns the phone on, unless it turned itself on, and waits until it is ready. */
  async turnsPhoneOn(): Promise<void> {
    const start = this.page.locator('[data-phone=start]:visible').first()
    // The page before may own the phone a moment longer, and a click there would be lost.
    const own = '#phone:not([data-remote])'
    const line = () => this.page.getAttribute(own, 'data-line')
    await until('the phone to wake up', async () => {
      if ((await line()) === 'ready') return true
      if (await start.isVisible()) await start.click().catch(() => undefined)
      return (await line()) !== 'off'
    })
    await this.page.waitForSelector(`${own}[data-line=ready]`)
  }

  /** Goes to the leads and clicks the call button of one. Returns the call's id once the site has answered. */
  async clicks(leadName: string): Promise<string> {
    if (new URL(this.page.url()).pathname !== '/contacts') await this.page.click('#nav a[href="/contacts"]')
    const button = this.callButton(leadName)
    await button.waitFor()
    await this.page.waitForSelector('#phone[data-call=none]')
    // The tab that has the phone sends the request.
    const answered = this.context.waitForEvent('response', (response) => /\/contacts\/\d+\/calls$/.test(response.url()))
    await button.click()
    const response = await answered
    const id = response.headers()['x-call-id']
    if (id === undefined)
      throw new Error(`the click on ${leadName} was refused: ${response.status()} ${response.headers()['x-refusal'] ?? ''}`)
    return id
  }

  callButton(leadName: string) {
    return this.page.locator('#page').getByRole('button', { name: new RegExp(`(Ligar para|Call) ${leadName}`) })
  }

  async hangsUp(): Promise<void> {
    await this.page.locator('[data-phone=hangup]:visible').first().click()
  }

  /** The text of the phone panel about the call, on one line. */
  async panelText(): Promise<string> {
    return (await this.page.locator('#phone-call').innerText()).replaceAll(/\s+/g, ' ').trim()
  }

  /** Waits until the panel shows the text. */
  async reads(text: string | RegExp): Promise<void> {
    const says = async () => {
      const panel = await this.panelText()
      return typeof text === 'string' ? panel.includes(text) : text.test(panel)
    }
    await until(`the panel to say ${String(text)}`, says).catch(async (error: Error) => {
      throw new Error(`${error.message}; it says "${await this.panelText()}"`)
    })
  }

  /** The minutes left, as the page shows them. */
  async shownBalance(): Promise<string> {
    return (await this.page.locator('#balance').innerText()).trim()
  }

  async leaves(): Promise<void> {
    await this.context.close()
  }

  get stage(): Stage {
    return this.#stage
  }
}
