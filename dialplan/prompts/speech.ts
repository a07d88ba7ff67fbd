import { execFile } from 'node:child_process'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Languages as Asterisk names its sound folders, and espeak-ng's voice for each. */
export const voices = { pt_BR: 'pt-br', en: 'en-us' } as const
export type Language = keyof typeof voices

/** Raised when the way of making a sound changes, so that every one is made again. */
export const recipe = 'espeak-ng 155 words a minute; 8 and 16 kHz; 1'

/** Says a sentence into `<base>.wav` (8 kHz) and `<base>.wav16` (16 kHz). */
export async function speak(language: Language, sentence: string, base: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ramal-speech-'))
  try {
    const spoken = join(folder, 'spoken.wav')
    await run('espeak-ng', ['-v', voices[language], '-s', '155', '-w', spoken, '--', sentence])
    await convert(spoken, base)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A tenth of a second of silence into `<base>.wav16`, without a file of 8 kHz: Asterisk has to play it at 16 kHz. */
export async function wideSilence(base: string): Promise<void> {
  const making = `${base}.making.wav16`
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono', '-t', '0.1', '-c:a', 'pcm_s16le'],
    ...['-fflags', '+bitexact', '-f', 'wav', making],
  ])
  await rename(making, `${base}.wav16`)
}

/** Any sound file into the two that Asterisk plays without resampling: for telephone codecs and for Opus. */
export async function convert(source: string, base: string): Promise<void> {
  // format_wav knows the 16 kHz kind by its extension only, and ffmpeg does not know that extension.
  for (const [extension, rate] of [
    ['wav', '8000'],
    ['wav16', '16000'],
  ] as const) {
    const making = `${base}.making.${extension}`
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-i',
      source,
      '-ac',
      '1',
      '-ar',
      rate,
      '-c:a',
      'pcm_s16le',
      '-fflags',
      '+bitexact',
      '-f',
      'wav',
      making,
    ])
    await rename(making, `${base}.${extension}`)
  }
}
