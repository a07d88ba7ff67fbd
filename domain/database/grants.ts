import type { Schema } from './schema.ts'

/** The database users of our processes and Asterisk. The command line, backups and migrations use the owner account. */
export const accounts = { fastagi: 'ramal_fastagi', web: 'ramal_web', worker: 'ramal_worker', asterisk: 'asterisk' } as const
export type Account = keyof typeof accounts

/** What migrations create besides the tables of `Schema`. */
type Relation =
  keyof Schema | 'ps_endpoints' | 'ps_auths' | 'ps_aors' | 'ps_emergency_routes' | 'kysely_migration' | 'kysely_migration_lock'

/**
 * What each user may do with each table: what its code needs, and no more. systemd/install, the private stack and the tests grant
 * these rights, and `ramal check` compares them. `select(a b)` means these columns only: only the site reads password hashes and
 * SIP digests. An `update` or `delete` with a condition needs `select` as well.
 */
export const grants: Record<Relation, Partial<Record<Account, string>>> = {
  // Processes that end calls change the balance, and a manager sets the low-balance warning. Only the command line changes a company's policy.
  tenants: {
    fastagi: 'select update(balance_seconds held_seconds)',
    web: 'select update(balance_seconds held_seconds low_balance_seconds)',
    worker: 'select update(balance_seconds held_seconds usual_hour_seconds)',
  },
  // A file of leads names their owners.
  users: { fastagi: 'select(id disabled_at)', web: 'select update', worker: 'select(id tenant_id email name role disabled_at)' },
  sessions: { web: 'select insert update delete', worker: 'select(expires_at) delete' },
  agents: { fastagi: 'select', web: 'select', worker: 'select' },
  phones: {
    fastagi: 'select(id tenant_id agent_id kind endpoint ended_at)',
    web: 'select insert update',
    worker: 'select(id tenant_id agent_id kind endpoint ended_at)',
  },
  ps_contacts: { fastagi: 'select', web: 'select delete', worker: 'select delete', asterisk: 'select insert update delete' },
  ps_endpoints: { asterisk: 'select' },
  ps_auths: { asterisk: 'select' },
  ps_aors: { asterisk: 'select' },
  ps_emergency_routes: { asterisk: 'select' },
  numbers: { fastagi: 'select' },
  trunks: { fastagi: 'select', web: 'select', worker: 'select' },
  trunk_rates: { fastagi: 'select', web: 'select', worker: 'select' },
  sale_rates: { fastagi: 'select', web: 'select', worker: 'select' },

  contacts: { fastagi: 'select', web: 'select insert update delete', worker: 'select insert update' },
  contact_fields: { web: 'select insert delete', worker: 'select insert' },
  contact_tags: { web: 'select insert delete', worker: 'select insert' },
  contact_numbers: { fastagi: 'select', web: 'select insert update delete', worker: 'select insert update' },
  contact_imports: { web: 'select insert update', worker: 'select update delete' },
  contact_import_faults: { web: 'select update delete', worker: 'select insert' },
  do_not_call: { fastagi: 'select', web: 'select insert update delete', worker: 'select insert' },
  tasks: { fastagi: 'select insert update', web: 'select insert update', worker: 'select insert update' },
  call_lists: { fastagi: 'select', web: 'select insert update delete', worker: 'select' },
  call_list_entries: { fastagi: 'select update', web: 'select insert update', worker: 'select update' },

  calls: { fastagi: 'select insert update delete', web: 'select insert update', worker: 'select update' },
  call_events: { fastagi: 'select insert delete', web: 'select insert', worker: 'insert' },
  call_rings: { fastagi: 'select insert update', web: 'select' },
  call_notes: { web: 'select insert update' },
  call_quality: { web: 'select insert update' },
  dispositions: { web: 'select insert update' },
  transfers: { fastagi: 'select update', web: 'select insert update', worker: 'select update' },
  phone_reports: { web: 'select insert', worker: 'select delete' },
  phone_refusals: { fastagi: 'select insert update' },
  cel: { fastagi: 'select', worker: 'select delete', asterisk: 'insert' },
  recordings: { fastagi: 'select insert', web: 'select', worker: 'select update' },
  recording_parts: { fastagi: 'select insert update', worker: 'select' },
  recording_pauses: { fastagi: 'select insert update', web: 'select', worker: 'select' },

  leases: { fastagi: 'select insert update', web: 'select update', worker: 'select update' },
  ledger_entries: { fastagi: 'insert', web: 'select insert', worker: 'insert' },
  franchises: { fastagi: 'select update', web: 'select update', worker: 'select insert update' },
  usage_days: { fastagi: 'select insert update', web: 'select insert update', worker: 'select insert update' },
  usage_hours: { fastagi: 'select insert update', web: 'select insert update', worker: 'select insert update' },
  outbound_pauses: { fastagi: 'select insert', web: 'select insert update' },
  destination_rules: { fastagi: 'select', web: 'select', worker: 'select' },
  calling_hours: { fastagi: 'select', web: 'select' },

  kysely_migration: {},
  kysely_migration_lock: {},
}
