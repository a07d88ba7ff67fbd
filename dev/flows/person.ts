import type { Browser, BrowserContext, Page } from 'playwright-core'
import { demoPassword } from '../seed.ts'
import { patienceMs, until } from './until.ts'

/** Where a person signs in: the address of the site, and the browser that opens it. */
export interface Site {
  browser: Browser
  url: string
}

/** A user at a browser, who reads, clicks and types. */
export class Person {
  readonly page: Page
  readonly context: BrowserContext
  readonly #site: Site

  private constructor(site: Site, context: BrowserContext, page: Page) {
    this.#site = site
    this.context = context
    this.page = page
  }

  static async signIn(site: Site, email: string, { language = 'pt-BR' }: { language?: string } = {}): Promise<Person> {
    const context = await site.browser.newContext({
      locale: language,
      permissions: ['microphone'],
      viewport: { width: 1440, height: 900 },
    })
    context.setDefaultTimeout(patienceMs)
    context.setDefaultNavigationTimeout(patienceMs)
    const page = await context.newPage()
    await page.goto(`${site.url}/sign-in`)
    await page.fill('input[name=email]', email)
    await page.fill('input[name=password]', demoPassword)
    await page.click('form[action="/sessions"] button')
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    return new Person(site, context, page)
  }

  /** Opens one more tab of the same browser. */
  async opensTab(path = '/contacts'): Promise<Person> {
    const page = await this.context.newPage()
    await page.goto(`${this.#site.url}${path}`)
    return new Person(this.#site, this.context, page)
  }

  /** Turns the phone on, if it did not turn itself on, and waits until it is ready. */
  async turnsPhoneOn(): Promise<void> {
    const start = this.page.locator('[data-phone=start]:visible').first()
    // A page that is being closed may still own the phone, and loses the click; so click again.
    const own = '#phone:not([data-remote])'
    const line = () => this.page.getAttribute(own, 'data-line')
    await until('the phone to start', async () => {
      if ((await line()) === 'ready') return true
      if (await start.isVisible()) await start.click().catch(() => undefined)
      return (await line()) !== 'off'
    })
    await this.page.waitForSelector(`${own}[data-line=ready]`)
  }

  /** Opens the leads and clicks the call button of one. Returns the call's id from the site's answer. */
  async clicks(leadName: string): Promise<string> {
    if (new URL(this.page.url()).pathname !== '/contacts') await this.page.click('#nav a[href="/contacts"]')
    const button = this.callButton(leadName)
    await button.waitFor()
    await this.page.waitForSelector('#phone[data-call=none]')
    // The tab that has the phone sends the request; it may be another tab.
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

  /** Types a number into the dial pad, calls it and waits until the other side answers. */
  async dials(number: string): Promise<void> {
    await this.page.fill('form[data-phone=dial] input[name=number]', number)
    await this.page.click('form[data-phone=dial] .call-button')
    await this.page.waitForSelector('#phone[data-call=up]').catch(async (error: Error) => {
      const { call, line, media } = await this.page.$eval('#phone', (phone) => ({ ...(phone as HTMLElement).dataset }))
      const shown = (await this.page.locator('#phone').innerText()).replaceAll(/\s+/g, ' ')
      throw new Error(`${number} did not answer: call ${call}, line ${line}, media ${media}, and the panel shows "${shown}"`, {
        cause: error,
      })
    })
  }

  async hangsUp(): Promise<void> {
    await this.page.locator('[data-phone=hangup]:visible').first().click()
  }

  /** The text of the phone panel about the call, on one line. */
  async panelText(): Promise<string> {
    return (await this.page.locator('#phone-call').innerText()).replaceAll(/\s+/g, ' ').trim()
  }

  /** Waits until the panel shows `text`. */
  async reads(text: string | RegExp): Promise<void> {
    const shows = async () => {
      const panel = await this.panelText()
      return typeof text === 'string' ? panel.includes(text) : text.test(panel)
    }
    await until(`the panel to show ${String(text)}`, shows).catch(async (error: Error) => {
      throw new Error(`${error.message}; it shows "${await this.panelText()}"`)
    })
  }

  /** The balance in minutes, as every page shows it. */
  async shownBalance(): Promise<string> {
    return (await this.page.locator('#balance').innerText()).trim()
  }

  async leaves(): Promise<void> {
    await this.context.close()
  }
}
