/** An HTTP response whose body is read. */
export interface Answer {
  status: number
  headers: Headers
  text: string
}

/** The HTTP part of a browser: it keeps cookies and the token of the last page, and does not follow redirects. */
export class Visitor {
  readonly #origin: string
  readonly #headers: Record<string, string>
  readonly cookies = new Map<string, string>()
  token = ''

  constructor(origin: string, headers: Record<string, string>) {
    this.#origin = origin
    this.#headers = headers
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#ask('GET', path, headers)
  }

  /** Requests the content of the element `target`, as htmx does. */
  fragment(path: string, target: string): Promise<Answer> {
    return this.get(path, { 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Target': target })
  }

  /** Sends a form with the token of the last page. */
  post(path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#ask('POST', path, { 'x-csrf-token': this.token, ...headers }, new URLSearchParams(form))
  }

  /** Sends a form that can have files, as a browser without JavaScript does: the token is a field. */
  sends(path: string, fields: Record<string, string | File>): Promise<Answer> {
    const form = new FormData()
    for (const [name, value] of Object.entries({ _csrf: this.token, ...fields })) form.set(name, value)
    return this.#ask('POST', path, {}, form)
  }

  postJson(path: string, value: unknown): Promise<Answer> {
    const headers = { 'x-csrf-token': this.token, 'content-type': 'application/json', accept: 'application/json' }
    return this.#ask('POST', path, headers, JSON.stringify(value))
  }

  delete(path: string): Promise<Answer> {
    return this.#ask('DELETE', path, { 'x-csrf-token': this.token })
  }

  /** Signs in. If that succeeds, requests a page for its token. */
  async signsIn(email: string, password: string): Promise<Answer> {
    await this.get('/sign-in')
    const answer = await this.post('/sessions', { email, password })
    if (answer.status === 303) await this.get('/contacts')
    return answer
  }

  /** Returns the open response, for streams. */
  async open(path: string, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
    return fetch(this.#origin + path, { headers: this.#with(headers), redirect: 'manual', ...(signal ? { signal } : {}) })
  }

  async #ask(method: string, path: string, headers: Record<string, string>, body?: URLSearchParams | FormData | string): Promise<Answer> {
    const response = await fetch(this.#origin + path, {
      method,
      headers: this.#with(headers),
      redirect: 'manual',
      ...(body ? { body } : {}),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const text = await response.text()
    this.token = /name="(?:_csrf" value|csrf-token" content)="([0-9a-f]+)"/.exec(text)?.[1] ?? this.token
    return { status: response.status, headers: response.headers, text }
  }

  #with(headers: Record<string, string>): Record<string, string> {
    const Cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return { ...this.#headers, ...headers, Cookie }
  }
}
