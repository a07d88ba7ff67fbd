import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { listRecordingPauses } from '../../domain/calls/recording-pause.ts'
import { measureDiskSpace } from '../../domain/operations/disk-space.ts'
import { missingMs, type RecordingPart } from '../../domain/recordings/recording-lengths.ts'
import { finishRecording, listMeasuredParts, listPendingRecordings, rawRecordingFiles } from '../../domain/recordings/recordings.ts'
import type { PendingRecording, RawFiles } from '../../domain/recordings/recordings.ts'
import { joinedMs, joinVoices, readDurationMs, readRawDurationMs, type Muted, type RawPart } from '../audio.ts'
import type { JobContext } from '../context.ts'
import { fileExists } from '../file-exists.ts'
import type { Job } from '../loop.ts'
import { readPeaks } from '../peaks.ts'

/**
 * Stores the recordings of ended calls: joins the two voices into one stereo mp3, agent left and lead right, checks it, moves it to
 * storage and links it to the call. Then it deletes the raw files. A pause becomes silence. If part of the talk is missing, because the
 * disk was full or no sound came, the recording is marked and its raw files are kept (domain/recordings/retention.ts).
 */
export const storeRecordings: Job = {
  name: 'store recordings',
  everyMs: 1000,
  async run(context) {
    for (const recording of await listPendingRecordings(context.db)) {
      try {
        await store(recording, context)
      } catch (error) {
        context.log.error({ callId: recording.callId, err: error }, 'recording not stored, will retry')
      }
    }
  },
}

/** Asterisk marks a finished recording. If the mark is missing after this time, Asterisk died, and the files are used as they are. */
const markGraceMs = 30_000
/** After this time, an unreadable recording is marked as failed, and its raw files stay for inspection. */
const giveUpMs = 10 * 60_000

/** An mp3 has whole frames of 36 ms, and ffmpeg may drop a few at the end. */
const mp3ShorterByMs = 300

async function store(recording: PendingRecording, { db, config, clock, log }: JobContext): Promise<void> {
  const { callId } = recording
  const parts = await listMeasuredParts(db, recording)
  const last = parts.at(-1)
  const waitedMs = clock.now().getTime() - recording.endedAt.getTime()
  if (last && !(await fileExists(rawRecordingFiles(config.monitorDir, callId, last.part).finished)) && waitedMs < markGraceMs) return
  const raw = await Promise.all(parts.map((part) => measureRaw(part, rawRecordingFiles(config.monitorDir, callId, part.part))))
  const removeRaw = () =>
    Promise.all(raw.flatMap(({ agent, lead, finished }) => [agent, lead, finished]).map((file) => rm(file, { force: true })))
  const recorded = raw.filter(({ agentMs, leadMs }) => agentMs > 0 || leadMs > 0)
  if (recorded.length === 0) {
    await finishRecording(db, callId, { state: 'missing' }, clock.now())
    await removeRaw()
    log.warn({ callId }, 'call without a recording')
    return
  }
  const path = storagePath(recording)
  const target = join(config.storageDir, path)
  await mkdir(dirname(target), { recursive: true })
  await requireRoom(config.storageDir, joinedMs(recorded, recording.atLeastMs))
  const staged = `${target}.part`
  const pauses = await listRecordingPauses(db, recording.tenantId, callId)
  const durationMs = await joinAndMeasure(recorded, recording, staged, pauses).catch(async (error: unknown) => {
    await rm(staged, { force: true })
    const full = await requireRoom(config.storageDir, joinedMs(recorded, recording.atLeastMs)).then(
      () => false,
      () => true,
    )
    if (full || clock.now().getTime() - firstTriedAt(callId, clock.now()) < giveUpMs) throw error
    log.error({ callId, err: error }, 'recording unreadable')
    return null
  })
  firstTries.delete(callId)
  if (durationMs === null) return finishRecording(db, callId, { state: 'failed' }, clock.now())
  await rename(staged, target)
  const { size } = await stat(target)
  // A recording without a waveform is still stored.
  const peaks = await readPeaks(target, durationMs).catch(() => undefined)
  const missing = raw.reduce((sum, part) => sum + part.missingMs, 0)
  const finished = { state: 'ready' as const, path, bytes: size, durationMs, missingMs: missing }
  await finishRecording(db, callId, { ...finished, ...(peaks && { peaks }) }, clock.now())
  if (missing > 0) log.warn({ callId, durationMs, missingMs: missing }, 'recording incomplete, raw files kept')
  else await removeRaw()
  log.info({ callId, durationMs, bytes: size }, 'recording stored')
}

/** Measures a part's raw files, and how much of the talk is missing. */
async function measureRaw(part: RecordingPart, files: RawFiles) {
  const [agentMs, leadMs, closed] = await Promise.all([
    readRawDurationMs(files.agent),
    readRawDurationMs(files.lead),
    fileExists(files.finished),
  ])
  return { ...files, startsAtMs: part.startsAtMs, agentMs, leadMs, missingMs: missingMs(part, { agentMs, leadMs, closed }) }
}

/** Joins the voices and returns the length. Throws if a full disk cut the file short. */
async function joinAndMeasure(
  recorded: readonly RawPart[],
  { atLeastMs }: PendingRecording,
  staged: string,
  pauses: readonly Muted[],
): Promise<number> {
  await joinVoices(recorded, atLeastMs, staged, pauses)
  const [durationMs, wantedMs] = [await readDurationMs(staged), joinedMs(recorded, atLeastMs)]
  if (durationMs < wantedMs - mp3ShorterByMs) throw new Error(`an mp3 of ${durationMs} ms for ${wantedMs} ms of sound`)
  return durationMs
}

/** Throws if the disk lacks room for 48 kbit/s, with a margin for other files. */
async function requireRoom(directory: string, durationMs: number): Promise<void> {
  const room = await measureDiskSpace(directory)
  if (room && room.freeBytes < durationMs * 6 + 64 * 1024) throw new Error(`no room for a recording of ${durationMs} ms in ${directory}`)
}

/** `acme/2026/11/<call id>.mp3`: by tenant and month, so that a sysadmin finds it. */
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
