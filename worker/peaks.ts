import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** How many peaks the player draws for each voice. */
const steps = 400
const rate = 8000
const bytesPerFrame = 4

/** The peak of each step, 0 to 255: the agent's 400, then the lead's. Read as a stream, because an hour has a hundred megabytes. */
export async function readPeaks(path: string, durationMs: number): Promise<Buffer> {
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, '-f', 's16le', '-ac', '2', '-ar', String(rate), 'pipe:1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(ffmpeg, 'close') as Promise<[number | null]>
  const frames = Math.max(1, Math.ceil((durationMs / 1000) * rate))
  const peaks = Buffer.alloc(2 * steps)
  let frame = 0
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of ffmpeg.stdout as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, piece])
    const whole = bytes.length - (bytes.length % bytesPerFrame)
    for (let at = 0; at < whole; at += bytesPerFrame, frame++) {
      const step = Math.min(steps - 1, Math.floor((frame * steps) / frames))
      raise(peaks, step, bytes.readInt16LE(at))
      raise(peaks, steps + step, bytes.readInt16LE(at + 2))
    }
    rest = bytes.subarray(whole)
  }
  const [code] = await ended
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`)
  return peaks
}

function raise(peaks: Buffer, at: number, sample: number): void {
  const level = Math.min(255, Math.abs(sample) >> 7)
  if (level > (peaks[at] ?? 0)) peaks[at] = level
}
