import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Joins two mono files into one stereo mp3: agent left, lead right. `-ignore_length` because Asterisk writes a WAV's
 * length when it closes the file, and a crash leaves a zero there. 16 kHz because not every browser plays an mp3 of 8 kHz.
 */
export async function joinVoices(raw: { agent: string; lead: string }, target: string): Promise<void> {
  const input = (path: string) => ['-f', 'wav', '-ignore_length', '1', '-i', path]
  await run('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-y'],
    ...input(raw.agent),
    ...input(raw.lead),
    ...['-filter_complex', '[0:a]apad[a];[1:a]apad[l];[a][l]join=inputs=2:channel_layout=stereo'],
    ...['-t', String((await longestMs(raw)) / 1000)],
    ...['-ar', '16000', '-codec:a', 'libmp3lame', '-b:a', '48k', '-f', 'mp3', target],
  ])
}

/** Length of an audio file that ffmpeg can read whole. Throws for one that it cannot. */
export async function readDurationMs(path: string): Promise<number> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path])
  const seconds = Number(stdout.trim())
  if (!Number.isFinite(seconds) || seconds <= 0) throw new Error('an audio file with no length')
  return Math.round(seconds * 1000)
}

/** One voice may be a little longer: the shorter is padded with silence, so both keep their place in time. */
async function longestMs(raw: { agent: string; lead: string }): Promise<number> {
  const lengths = await Promise.all([readRawDurationMs(raw.agent), readRawDurationMs(raw.lead)])
  return Math.max(...lengths)
}

/** From the size: the header of a file that Asterisk did not close says zero. 8 kHz, 16 bits, 44 bytes of header. */
async function readRawDurationMs(path: string): Promise<number> {
  return Math.max(1, Math.round(((await stat(path)).size - 44) / 16))
}
