import type { Script } from './context.ts'

/**
 * Runs at most `atOnce` requests of one tenant, over all scripts; the others wait in order. Requests of one tenant wait for each other
 * anyway, for the lock of the tenant's row, but each with a database connection: without this queue, one busy tenant takes
 * all connections, and other tenants get `unavailable`.
 *
 * Only for scripts that the phone's own channel calls: its endpoint names the tenant without a query. A request whose deadline
 * passes in the queue still runs: a report must be stored, and an authorization sees that it is late.
 */
export function tenantQueue(atOnce: number): <C>(script: Script<C>) => Script<C> {
  const tenants = new Map<string, { working: number; waiting: (() => void)[] }>()
  return (script) => async (agi, context) => {
    const slug = tenantSlugOf(agi.endpoint)
    const tenant = tenants.get(slug) ?? { working: 0, waiting: [] }
    tenants.set(slug, tenant)
    // A finished request passes its place to the first in the queue, so that a new request cannot take it.
    if (tenant.working < atOnce) tenant.working++
    else await new Promise<void>((resolve) => tenant.waiting.push(resolve))
    try {
      await script(agi, context)
    } finally {
      const next = tenant.waiting.shift()
      if (next) next()
      else if (--tenant.working === 0) tenants.delete(slug)
    }
  }
}

/** `acme-101` and `acme-101-desk` are phones of `acme`. All other channels share one queue. */
function tenantSlugOf(endpoint: string | null): string {
  return endpoint?.replace(/-\d+(-desk)?$/, '') ?? ''
}
