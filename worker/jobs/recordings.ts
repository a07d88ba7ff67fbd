import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { listRecordingPauses } from '../../domain/calls/recording-pause.ts'
import { finishRecording, listParts, listPendingRecordings, rawRecordingFiles, type PendingRecording } from '../../domain/recordings.ts'
import { joinVoices, readDurationMs, type RawPart } from '../audio.ts'
import type { JobContext } from '../context.ts'
import { exists } from '../exists.ts'
import type { Job } from '../loop.ts'
import { readPeaks } from '../peaks.ts'

/**
 * Recordings of calls that have ended: the two voices become one stereo mp3, agent left and lead right, checked,
 * moved to storage and linked to the call; only then the raw files go. Where the agent paused there is silence.
 */
export const recordings: Job = {
  name: 'recordings',
  everyMs: 1000,
  async run(context) {
    for (const recording of await listPendingRecordings(context.db)) {
      try {
        await store(recording, context)
      } catch (error) {
        context.log.error({ callId: recording.callId, err: error }, 'a recording could not be stored; it will be tried again')
      }
    }
  },
}

/** Asterisk marks a finished recording. If it died first, what it left is taken as it is after this time. */
const markGraceMs = 30_000
/** After this time of trying, what cannot be read is given up, and its raw files are left for a person to look at. */
const giveUpMs = 10 * 60_000

async function store(recording: PendingRecording, { db, config, clock, log }: JobContext): Promise<void> {
  const parts = (await listParts(db, recording.callId)).map(({ part, startsAtMs }) => ({
    ...rawRecordingFiles(config.monitorDir, recording.callId, part),
    startsAtMs,
  }))
  const waitedMs = clock.now().getTime() - recording.endedAt.getTime()
  const last = parts.at(-1)
  if (last && !(await exists(last.finished)) && waitedMs < markGraceMs) return
  const recorded: RawPart[] = []
  for (const part of parts) if ((await exists(part.agent)) && (await exists(part.lead))) recorded.push(part)
  if (recorded.length === 0) {
    await finishRecording(db, recording.callId, { state: 'missing' }, clock.now())
    log.warn({ callId: recording.callId }, 'a call has no recording')
    return
  }
  const path = storagePath(recording)
  const target = join(config.storageDir, path)
  await mkdir(dirname(target), { recursive: true })
  const staged = `${target}.part`
  const pauses = await listRecordingPauses(db, recording.tenantId, recording.callId)
  const durationMs = await joinVoices(recorded, recording.atLeastMs, staged, pauses)
    .then(() => readDurationMs(staged))
    .catch((error: unknown) => {
      if (clock.now().getTime() - firstTriedAt(recording.callId, clock.now()) < giveUpMs) throw error
      log.error({ callId: recording.callId, err: error }, 'a recording cannot be read')
      return null
    })
  if (durationMs === null) {
    await rm(staged, { force: true })
    await finishRecording(db, recording.callId, { state: 'failed' }, clock.now())
    firstTries.delete(recording.callId)
    return
  }
  await rename(staged, target)
  const { size } = await stat(target)
  // A recording is worth storing even where its picture cannot be drawn.
  const peaks = await readPeaks(target, durationMs).catch(() => undefined)
  await finishRecording(db, recording.callId, { state: 'ready', path, bytes: size, durationMs, ...(peaks && { peaks }) }, clock.now())
  firstTries.delete(recording.callId)
  const raw = parts.flatMap(({ agent, lead, finished }) => [agent, lead, finished])
  await Promise.all(raw.map((file) => rm(file, { force: true })))
  log.info({ callId: recording.callId, durationMs, bytes: size }, 'recording stored')
}

/** `acme/2026/11/<call id>.mp3`: by company and month, as a sysadmin looks for it and as retention deletes it. */
function storagePath({ tenantSlug, requestedAt, callId }: PendingRecording): string {
  const month = requestedAt.toISOString().slice(0, 7).replace('-', '/')
  return `${tenantSlug}/${month}/${callId}.mp3`
}

const firstTries = new Map<string, number>()

function firstTriedAt(callId: string, now: Date): number {
  const first = firstTries.get(callId) ?? now.getTime()
  firstTries.set(callId, first)
  return first
}
