/** Stands for all tenants where a trunk or a price may belong to one tenant or to all, so it is not a slug. */
export const allTenants = 'all'

/** Whether a text may be the short name of a tenant: it is part of its phones' names and of its recordings' folder, and never changes. */
export function isSlug(text: string): boolean {
  return /^[a-z][a-z0-9-]{1,30}$/.test(text) && text !== allTenants
}
