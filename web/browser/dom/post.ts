/** Posts a form to the site with the CSRF token. Null when the request failed. */
export async function postForm(path: string, form: Record<string, string>, options: RequestInit = {}): Promise<Response | null> {
  return post(path, new URLSearchParams(form), {}, options)
}

export async function postJson(path: string, value: unknown): Promise<Response | null> {
  return post(path, JSON.stringify(value), { 'content-type': 'application/json' })
}

async function post(path: string, body: BodyInit, headers: Record<string, string>, options: RequestInit = {}): Promise<Response | null> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? ''
  try {
    return await fetch(path, {
      method: 'POST',
      body,
      headers: { accept: 'application/json', 'x-csrf-token': token, ...headers },
      ...options,
    })
  } catch {
    return null
  }
}
