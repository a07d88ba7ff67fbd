import { Gauge, Histogram } from 'prom-client'

/** Up to the deadline of a request, after which Asterisk gets `unavailable`. */
const buckets = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]

export const requestSeconds = new Histogram({
  name: 'ramal_agi_request_seconds',
  help: 'Duration of AGI requests, by script and result: answered, failed or late.',
  labelNames: ['script', 'result'],
  buckets,
})

export const authorizeSeconds = new Histogram({
  name: 'ramal_authorize_seconds',
  help: 'Duration of authorize requests, by verdict.',
  labelNames: ['verdict'],
  buckets,
})

export function watchConnections(server: { readonly connections: number }): void {
  new Gauge({
    name: 'ramal_agi_connections',
    help: 'Open connections from Asterisk.',
    collect() {
      this.set(server.connections)
    },
  })
}
