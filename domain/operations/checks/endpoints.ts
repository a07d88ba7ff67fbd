import type { Server } from './server.ts'

/** What Asterisk says of an endpoint, in lines; null when it knows none of that name. `name` is letters, digits and dashes. */
export async function showEndpoint(asterisk: Server['asterisk'], name: string): Promise<string | null> {
  const shown = await asterisk(`pjsip show endpoint ${name}`)
  return new RegExp(`^ *Endpoint: +${name}[/\\s]`, 'm').test(shown) ? shown : null
}
