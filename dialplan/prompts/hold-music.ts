import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { convert } from './speech.ts'

const run = promisify(execFile)

// Debian's own hold music is a large package; sixteen soft notes say "still connected" as well.
const notes = [261.63, 329.63, 392, 493.88, 440, 392, 329.63, 293.66, 349.23, 440, 523.25, 440, 392, 329.63, 293.66, 246.94]
const noteSeconds = 1.2

/** Makes `<directory>/hold.wav` and `hold.wav16` once. */
export async function buildHoldMusic(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  const base = join(directory, 'hold')
  if (existsSync(`${base}.wav`) && existsSync(`${base}.wav16`)) return
  const tune = `0.25*exp(-2.2*mod(t,${noteSeconds}))*sin(2*PI*t*(${notes.map((hz, n) => `${hz}*between(t,${n * noteSeconds},${(n + 1) * noteSeconds - 0.0001})`).join('+')}))`
  const whole = `${base}.whole`
  await run('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    `aevalsrc='${tune}':d=${notes.length * noteSeconds}:s=16000`,
    '-f',
    'wav',
    whole,
  ])
  await convert(whole, base)
  await rm(whole)
}

if (import.meta.main) {
  const directory = process.argv[2]
  if (directory === undefined) {
    console.error('usage: node dialplan/prompts/hold-music.ts <directory, such as /usr/share/asterisk/moh>')
    process.exit(2)
  }
  await buildHoldMusic(directory)
}
