import { sql, type Kysely } from 'kysely'

/**
 * Whoever has a browser's password comes by the WebSocket, which Asterisk offers to nginx on this machine alone (http.conf); what
 * comes from another address is refused like a wrong password. Asterisk reads the columns in order: deny first. The rest is as
 * before (007).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace view ps_endpoints as
    select
      phones.endpoint as id,
      phones.endpoint as aors,
      phones.endpoint as auth,
      'phone' as context,
      'all' as disallow,
      if(phones.kind = 'browser', 'opus,alaw', 'alaw,ulaw') as allow,
      if(phones.kind = 'browser', 'yes', 'no') as webrtc,
      if(phones.kind = 'browser', '0.0.0.0/0,::/0', '') as deny,
      if(phones.kind = 'browser', '127.0.0.1', '') as permit,
      'no' as direct_media,
      'no' as allow_transfer,
      'no' as allow_subscribe,
      'username' as identify_by,
      0 as max_video_streams,
      'default' as moh_suggest,
      'yes' as rewrite_contact,
      'yes' as force_rport,
      'yes' as rtp_symmetric,
      'rfc4733' as dtmf_mode,
      30 as rtp_timeout,
      if(phones.kind = 'browser', 45, 3600) as rtp_timeout_hold,
      1 as device_state_busy_at,
      'no' as inband_progress,
      replace(coalesce(users.locale, tenants.locale), '-', '_') as language,
      concat('RAMAL_TENANT=', tenants.slug) as set_var,
      '' as mailboxes
    from phones
    join agents on agents.id = phones.agent_id
    join users on users.id = agents.user_id
    join tenants on tenants.id = phones.tenant_id`.execute(db)
}

/** A view is replaced, never taken away: Asterisk reads it. */
export async function down(db: Kysely<unknown>): Promise<void> {
  const { up: before } = await import('./007-ps-endpoints.ts')
  await before(db)
}
