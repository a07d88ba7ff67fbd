import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { newCallId } from '../domain/telephony/call-id.ts'
import type { Database } from '../domain/database/pool.ts'
import { outcomes } from '../domain/telephony/hangup-causes.ts'
import { addOpenTasks, listAtWork } from './demo/open-work.ts'

/** What the gallery opens. */
export interface Seen {
  /** An answered call, with its recording. */
  callId: string
  /** Its lead. */
  contactId: number
  severalNumbersId: number
  /** A list that the first agent works through. */
  listId: number
}

/**
 * Gives the demo's first company a history of one call of each outcome to each lead, and an agent something to do.
 */
export async function pastCalls(db: Database, storageDir: string): Promise<Seen> {
  const company = await db.selectFrom('tenants').selectAll().where('slug', '=', 'padaria-sol').executeTakeFirstOrThrow()
  const agents = await db.selectFrom('agents').select('id').where('tenant_id', '=', company.id).execute()
  const contacts = await db
    .selectFrom('contacts')
    .innerJoin('contact_numbers', 'contact_numbers.contact_id', 'contacts.id')
    .select(['contacts.id', 'e164'])
    .where('contacts.tenant_id', '=', company.id)
    .where('position', '=', 1)
    .orderBy('contacts.id')
    .execute()
  const calls = outcomes.flatMap((outcome, n) =>
    contacts.slice(0, 3).map((contact, m) => {
      const at = new Date(Date.now() - (n * 3 + m + 1) * 47 * 60_000)
      const talked = outcome === 'answered'
      const missed = outcome === 'missed'
      return {
        id: newCallId(),
        tenant_id: company.id,
        agent_id: missed ? null : (agents[(n + m) % agents.length]?.id ?? 0),
        contact_id: contact.id,
        origin: missed ? ('incoming' as const) : ('click' as const),
        verdict: missed ? 'nobody' : null,
        e164: contact.e164,
        state: 'ended' as const,
        outcome,
        hung_up_by: talked ? ('lead' as const) : null,
        requested_at: at,
        answered_at: talked ? at : null,
        ended_at: new Date(at.getTime() + 84_000),
        talk_seconds: talked ? 84 : 0,
        billed_seconds: talked ? 84 : 0,
        first_block_seconds: 30,
        next_block_seconds: 6,
        free_seconds: 3,
      }
    }),
  )
  await db.insertInto('calls').values(calls).execute()
  const answered = calls.find(({ outcome }) => outcome === 'answered')
  if (!answered) throw new Error('no lead was called')
  const { id, contact_id: contactId } = answered
  await mkdir(join(storageDir, 'padaria-sol'), { recursive: true })
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=330:duration=84', '-ac', '2', '-ar', '16000', '-b:a', '48k']
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...tone, join(storageDir, `padaria-sol/${id}.mp3`)])
  // The waveform of a conversation: each listens while the other speaks.
  const level = (n: number, speaks: boolean) => Math.floor((speaks ? 90 : 4) * (0.4 + 0.6 * Math.abs(Math.sin(n * 1.7) * Math.sin(n / 5))))
  const voice = (agent: boolean) => Array.from({ length: 400 }, (_, n) => level(n, (Math.floor(n / 37) % 2 === 0) === agent))
  const peaks = Buffer.from([...voice(true), ...voice(false)])
  const now = new Date()
  const path = `padaria-sol/${id}.mp3`
  const stored = { state: 'ready' as const, path, bytes: 500_000, duration_ms: 84_000, peaks, created_at: now, finished_at: now }
  await db
    .insertInto('recordings')
    .values({ call_id: id, tenant_id: company.id, ...stored })
    .execute()
  await db
    .insertInto('recording_pauses')
    .values({ tenant_id: company.id, call_id: id, open_call_id: null, paused_at_ms: 30_000, resumed_at_ms: 42_000 })
    .execute()
  const [first, second, third] = contacts
  if (!first || !second || !third) throw new Error('the demo has three leads')
  const agentId = answered.agent_id
  await db
    .transaction()
    .execute((trx) =>
      addOpenTasks(
        trx,
        company.id,
        { missed: first.e164, overdue: { e164: second.e164, agentId }, later: { e164: third.e164, agentId } },
        now,
      ),
    )
  const several = await db
    .selectFrom('contact_numbers')
    .select('contact_id')
    .where('tenant_id', '=', company.id)
    .where('position', '=', 3)
    .executeTakeFirstOrThrow()
  const listId = await listAtWork(db, company.id, agents[0]?.id ?? 0, now)
  return { callId: id, contactId, severalNumbersId: several.contact_id, listId }
}
