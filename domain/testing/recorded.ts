import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { markAnswered } from '../calls/outgoing/answer.ts'
import type { Database } from '../database/pool.ts'
import { finishRecording } from '../recordings/recordings.ts'
import type { Scene } from './scene.ts'
import { asks, hangsUp, moment, second } from './steps.ts'

/** Ana talked to Maria for eight seconds, from two seconds after `start`; nothing is stored yet. Returns the call's id. */
export async function talked(db: Database, { ana }: Scene, start = 0): Promise<string> {
  const { callId } = await asks(db, ana, '', second(start), '11987654301')
  await markAnswered(db, callId, 'carrier-a', moment(start + 2))
  await hangsUp(db, callId, second(start + 10))
  return callId
}

/** The same, with a stored recording below `storageDir`. */
export async function recorded(
  db: Database,
  storageDir: string,
  company: Scene,
  { start = 0, bytes = 50_000 }: { start?: number; bytes?: number } = {},
): Promise<{ callId: string; path: string; audio: Buffer }> {
  const callId = await talked(db, company, start)
  const path = `${company.slug}/2026/11/${callId}.mp3`
  const audio = randomBytes(bytes)
  await mkdir(dirname(join(storageDir, path)), { recursive: true })
  await writeFile(join(storageDir, path), audio)
  const finished = { state: 'ready' as const, path, bytes, durationMs: 8000, peaks: randomBytes(800) }
  await finishRecording(db, callId, finished, second(start + 11))
  return { callId, path, audio }
}
