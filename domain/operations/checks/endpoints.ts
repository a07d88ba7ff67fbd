import type { Server } from './server.ts'

/** Asterisk's output about an endpoint, in lines; null if it has none of that name. `name` is letters, digits and dashes. */
export async function showEndpoint(asterisk: Server['asterisk'], name: string): Promise<string | null> {
  const shown = await asterisk(`pjsip show endpoint ${name}`)
  return new RegExp(`^ *Endpoint: +${name}[/\\s]`, 'm').test(shown) ? shown : null
}
