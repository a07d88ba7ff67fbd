import { execFile } from 'node:child_process'
import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The loudness of one channel of a stereo file, and its share of silence. */
export interface Voice {
  /** Mean level in dB; a voice is above -40, silence below -60. */
  meanDb: number
  /** 0 to 1, of the time without pauses. Speech fills most of it, the fake microphone's beeps very little. */
  silentShare: number
}

/** Measures both channels of a recording that the browser downloaded. `pausedMs`: how much of it is a pause, which is silent. */
export async function listen(audio: Buffer, pausedMs = 0): Promise<{ left: Voice; right: Voice; seconds: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'ramal-listen-'))
  try {
    const path = join(directory, 'recording.mp3')
    await writeFile(path, audio)
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path])
    const seconds = Number(stdout)
    return { left: await voice(path, 'c0', seconds, pausedMs / 1000), right: await voice(path, 'c1', seconds, pausedMs / 1000), seconds }
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function voice(path: string, channel: 'c0' | 'c1', seconds: number, pausedSeconds: number): Promise<Voice> {
  const filter = `pan=mono|c0=${channel},silencedetect=noise=-45dB:d=0.05,volumedetect`
  const { stderr } = await run('ffmpeg', ['-nostdin', '-i', path, '-af', filter, '-f', 'null', '-'])
  const silent = [...stderr.matchAll(/silence_duration: ([\d.]+)/g)].reduce((sum, match) => sum + Number(match[1]), 0)
  const mean = /mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1]
  return { meanDb: mean === undefined ? -Infinity : Number(mean), silentShare: (silent - pausedSeconds) / (seconds - pausedSeconds) }
}
