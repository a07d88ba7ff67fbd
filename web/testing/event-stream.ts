import type { Test } from 'tap'
import type { Visitor } from './visitor.ts'

export interface ServerEvent {
  event: string
  id: string | null
  data: Record<string, string | null>
}

/** A page that listens to /live. */
export interface Listener {
  events: ServerEvent[]
  /** Resolves to the first event that `fits`. Rejects if none comes. */
  hears(fits: (event: ServerEvent) => boolean): Promise<ServerEvent>
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>
  leaves(): void
}

export async function listens(t: Test, visitor: Visitor, headers: Record<string, string> = {}, path = '/live'): Promise<Listener> {
  const leaving = new AbortController()
  t.teardown(() => leaving.abort())
  const response = await visitor.open(path, { Accept: 'text/event-stream', ...headers }, leaving.signal)
  if (response.status !== 200 || !response.body) throw new Error(`${path} answered ${response.status}`)
  const events: ServerEvent[] = []
  const ended = read(response.body, events)
  return { events, ended, leaves: () => leaving.abort(), hears: (fits) => hear(events, fits) }
}

async function read(body: ReadableStream<Uint8Array>, events: ServerEvent[]): Promise<void> {
  let text = ''
  try {
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      text += piece
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) if (block.startsWith('event:')) events.push(parse(block))
    }
  } catch {
    // `leaves` aborted the stream.
  }
}

function parse(block: string): ServerEvent {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null
  return { event: field('event') ?? '', id: field('id'), data: JSON.parse(field('data') ?? '{}') as ServerEvent['data'] }
}

async function hear(events: ServerEvent[], fits: (event: ServerEvent) => boolean): Promise<ServerEvent> {
  for (const until = Date.now() + 60_000; Date.now() < until;) {
    const event = events.find(fits)
    if (event) return event
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(
    `the expected event did not come; received ${JSON.stringify(events.map(({ event, data }) => [event, data['state'], data['kind']]))}`,
  )
}
