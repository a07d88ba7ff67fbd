import type { Script } from './context.ts'

/**
 * At most `atOnce` requests of one company are at work, all scripts together; the others wait here, in their order. Its requests
 * wait for each other anyway, for the lock of the company's row, and would do so on connections: without this, the rush of one
 * company takes all ten, and everybody else is told `unavailable`.
 *
 * Only for scripts that the phone's own channel asks: its endpoint tells the company before anything was queried. One that is
 * late has been answered by then and still gets its turn: a report must be stored, and an authorisation gives up by itself.
 */
export function tenantQueue(atOnce: number): <C>(script: Script<C>) => Script<C> {
  const companies = new Map<string, { working: number; waiting: (() => void)[] }>()
  return (script) => async (agi, context) => {
    const slug = companyOf(agi.endpoint)
    const company = companies.get(slug) ?? { working: 0, waiting: [] }
    companies.set(slug, company)
    // Whoever leaves hands its place on, so that nobody who has just come takes it.
    if (company.working < atOnce) company.working++
    else await new Promise<void>((resolve) => company.waiting.push(resolve))
    try {
      await script(agi, context)
    } finally {
      const next = company.waiting.shift()
      if (next) next()
      else if (--company.working === 0) companies.delete(slug)
    }
  }
}

/** `acme-101` and `acme-101-desk` are phones of `acme`. What is no phone of ours asks for nobody, and shares one company's turns. */
function companyOf(endpoint: string | null): string {
  return endpoint?.replace(/-\d+(-desk)?$/, '') ?? ''
}
