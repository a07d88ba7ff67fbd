import { createServer, type ServerResponse } from 'node:http'
import { collectDefaultMetrics, Gauge, register } from 'prom-client'
import type { Log } from './log.ts'

/** Why a process does not work, as a sentence; null if it works. */
export type Health = () => Promise<string | null>

/** Further answers for programs on this machine: the text of each path. */
export type Pages = Record<string, () => Promise<string>>

/**
 * Answers monitors on a local port: `/metrics` for Prometheus, and `/health` with 200 while the process works, else 503 with the
 * reason. Errors here never end the process: a port in use costs one log line. `port`: null = none, 0 = any.
 */
export function startMonitoringServer(port: number | null, health: Health, log: Log, stop: AbortSignal, pages: Pages = {}): void {
  if (port === null) return
  collectDefaultMetrics()
  new Gauge({
    name: 'ramal_healthy',
    help: 'Whether this process does its work: 1, or 0 and /health says why.',
    async collect() {
      this.set((await health()) === null ? 1 : 0)
    },
  })
  const server = createServer((req, res) => {
    answer(req.url, health, pages, res).catch((error: unknown) => {
      log.error({ err: error, path: req.url }, 'monitoring request failed')
      res.destroy()
    })
  })
  server.maxConnections = 16
  server.on('error', (error) => log.error({ err: error, port }, 'monitoring port failed'))
  server.listen(port, '127.0.0.1', () => log.info({ monitors: server.address() }, 'monitoring port open'))
  stop.addEventListener('abort', () => {
    server.close()
    server.closeAllConnections()
  })
}

async function answer(path = '', health: Health, pages: Pages, res: ServerResponse): Promise<void> {
  res.setHeader('Cache-Control', 'no-store')
  const page = pages[path]
  if (path === '/metrics') {
    const metrics = await register.metrics()
    res.setHeader('Content-Type', register.contentType).end(metrics)
  } else if (path === '/health') {
    const reason = await health()
    res.writeHead(reason === null ? 200 : 503, { 'Content-Type': 'application/json' })
    res.end(JSON.stringify(reason === null ? { ok: true } : { ok: false, reason }))
  } else if (page) {
    res.setHeader('Content-Type', 'text/plain').end(await page())
  } else {
    res.writeHead(404).end()
  }
}
