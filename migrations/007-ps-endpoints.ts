import { sql, type Kysely } from 'kysely'

/**
 * What Asterisk reads as PJSIP endpoints: a row of `phones` is a phone, with nothing to generate or reload.
 *   context          every number dialled on a phone enters [phone], where the first step asks authorize
 *   allow_transfer   no: a REFER from a browser would move a billed leg anywhere
 *   rtp_timeout      shorter than the margin of a lease, because a tick comes only while audio flows
 *                    (a desk phone on hold sends nothing; then the lead's own audio drives the ticks)
 *   mailboxes        asked for by Asterisk at start, though unused
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

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop view ps_endpoints`.execute(db)
}
