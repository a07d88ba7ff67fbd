import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Two mono files that MixMonitor wrote at the same time, how long they are, and their place in the talk. */
export interface RawPart {
  agent: string
  lead: string
  agentMs: number
  leadMs: number
  startsAtMs: number
}

/** A part of the talk to silence, in ms; null = to its end. */
export interface Muted {
  pausedAtMs: number
  resumedAtMs: number | null
}

/**
 * Joins two voices, each in one mono file or in several parts with silence between them, into one stereo mp3 of `atLeastMs`
 * or more: agent left, lead right. `-ignore_length`: Asterisk writes a WAV's length when it closes the file, and a crash leaves
 * a zero there. 16 kHz: not every browser plays an mp3 of 8 kHz.
 */
export async function joinVoices(
  parts: readonly RawPart[],
  atLeastMs: number,
  target: string,
  muted: readonly Muted[] = [],
): Promise<void> {
  const inputs = parts.flatMap(({ agent, agentMs, lead, leadMs }) => [...input(agent, agentMs), ...input(lead, leadMs)])
  const joined = `[v0][v1]join=inputs=2:channel_layout=stereo${muted.map(silence).join('')}`
  await run('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-y'],
    ...inputs,
    ...['-filter_complex', [voice(parts, 0), voice(parts, 1), joined].join(';')],
    ...['-t', String(joinedMs(parts, atLeastMs) / 1000)],
    ...['-ar', '16000', '-codec:a', 'libmp3lame', '-b:a', '48k', '-f', 'mp3', target],
  ])
}

/** After a full disk, the file of a voice may be missing, or empty, which ffmpeg cannot read. */
function input(path: string, ms: number): string[] {
  return ms > 0 ? ['-f', 'wav', '-ignore_length', '1', '-i', path] : ['-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono']
}

/** The raw files are silent there, unless Asterisk did not get the pause. */
function silence({ pausedAtMs, resumedAtMs }: Muted): string {
  const from = `gte(t,${pausedAtMs / 1000})`
  return `,volume=volume=0:enable='${resumedAtMs === null ? from : `${from}*lt(t,${resumedAtMs / 1000})`}'`
}

/** All parts of one side, in place: each lasts until the next one begins, and the last one is padded without end. */
function voice(parts: readonly RawPart[], side: 0 | 1): string {
  const pieces = parts.map(({ startsAtMs }, n) => {
    const next = parts[n + 1]
    const delay = n === 0 && startsAtMs > 0 ? `adelay=${startsAtMs},` : ''
    const end = next ? `,atrim=end=${(next.startsAtMs - (n === 0 ? 0 : startsAtMs)) / 1000}` : ''
    return `[${2 * n + side}:a]${delay}apad${end}[p${side}${n}]`
  })
  const all = parts.map((_, n) => `[p${side}${n}]`).join('')
  return [...pieces, `${all}concat=n=${parts.length}:v=0:a=1[v${side}]`].join(';')
}

/** The length of an audio file. Throws if ffmpeg cannot read all of it. */
export async function readDurationMs(path: string): Promise<number> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path])
  const seconds = Number(stdout.trim())
  if (!Number.isFinite(seconds) || seconds <= 0) throw new Error('an audio file with no length')
  return Math.round(seconds * 1000)
}

/** The length of the joined file. The shorter voice is padded with silence, so that both stay in time. */
export function joinedMs(parts: readonly RawPart[], atLeastMs: number): number {
  const last = parts.at(-1)
  if (!last) throw new Error('a recording without parts')
  return Math.max(last.startsAtMs + Math.max(last.agentMs, last.leadMs), atLeastMs)
}

/**
 * The length of a raw file, from its size: the header of a file that Asterisk did not close says zero. 8 kHz, 16 bits, 44 bytes of
 * header. 0 if there is no file.
 */
export async function readRawDurationMs(path: string): Promise<number> {
  const bytes = await stat(path).then(
    ({ size }) => size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 0
      throw error
    },
  )
  return Math.max(0, Math.round((bytes - 44) / 16))
}
