import type { RequestHandler } from 'express'
import { Counter, Gauge, Histogram } from 'prom-client'

export const clicks = new Counter({
  name: 'ramal_clicks_total',
  help: 'Calls that agents requested on a page: placed, or the reason of the refusal.',
  labelNames: ['outcome'],
})

export const signIns = new Counter({
  name: 'ramal_sign_ins_total',
  help: 'Sign-in attempts: ok, wrong, or too-many.',
  labelNames: ['result'],
})

const requestSeconds = new Histogram({
  name: 'ramal_http_request_seconds',
  help: 'Duration of requests, by the pattern of their path (none: an unknown page, a file, or no signed-in user) and status.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
})

/** Measures every request except live streams, which last as long as their page. */
export const measureRequests: RequestHandler = (req, res, next) => {
  const began = performance.now()
  res.once('close', () => {
    if (String(res.getHeader('Content-Type')).startsWith('text/event-stream')) return
    const pattern = (req.route as { path: unknown } | undefined)?.path
    const labels = typeof pattern === 'string' ? { method: req.method, route: pattern } : { method: 'any', route: 'none' }
    const status = res.writableFinished ? String(res.statusCode) : 'gone'
    requestSeconds.observe({ ...labels, status }, (performance.now() - began) / 1000)
  })
  next()
}

export function watchStreams(live: { readonly count: number }): void {
  new Gauge({
    name: 'ramal_live_pages',
    help: 'Open pages with a live stream (server-sent events).',
    collect() {
      this.set(live.count)
    },
  })
}
