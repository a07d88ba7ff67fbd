import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildHoldMusic } from '../../dialplan/prompts/hold-music.ts'
import { buildPrompts } from '../../dialplan/prompts/build.ts'
import { cache, checkout, checkoutKey } from '../setup/cache.ts'
import { waitForLock } from '../setup/lock.ts'
import type { Progress } from '../setup/progress.ts'

/** Directories of sounds, in Asterisk's layout. */
export type Sounds = { prompts: string; carrier: string; holdMusic: string }

/** Makes the missing and changed prompts of this checkout. */
export async function buildSounds(progress: Progress): Promise<Sounds> {
  const folder = join(cache, `sounds-${checkoutKey}`)
  const sounds: Sounds = { prompts: join(folder, 'prompts'), carrier: join(folder, 'carrier'), holdMusic: join(folder, 'moh') }
  for (const directory of Object.values(sounds)) mkdirSync(directory, { recursive: true })
  const lock = await waitForLock(folder, () => progress.step('waiting for another process that makes the prompts'))
  try {
    progress.step('making the prompts')
    const made =
      (await buildPrompts(sounds.prompts)) + (await buildPrompts(sounds.carrier, join(checkout, 'dev/carrier/speech'), 'carrier'))
    await buildHoldMusic(sounds.holdMusic)
    if (made > 0) progress.note(`${made} prompts made`)
  } finally {
    lock.release()
  }
  return sounds
}
