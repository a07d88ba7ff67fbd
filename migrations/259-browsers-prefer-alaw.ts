import { sql, type Kysely } from 'kysely'

/**
 * Browser phones prefer alaw, the codec of Brazilian carriers: Asterisk then joins both legs without transcoding, and records at half
 * the cost. Opus stays second. All else is as before (181).
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
      if(phones.kind = 'browser', 'alaw,opus', 'alaw,ulaw') as allow,
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

/** Replaces the view and never drops it: Asterisk reads it. */
export async function down(db: Kysely<unknown>): Promise<void> {
  const { up: before } = await import('./181-browsers-by-websocket.ts')
  await before(db)
}
