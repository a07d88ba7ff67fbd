/**
 * Makes the prompts: `node dialplan/prompts/build.ts <sounds directory>` (needs espeak-ng and ffmpeg).
 *
 * The sentences are in pt-BR.json and en.json. A recording put beside them as `pt-BR/<name>.wav` wins over the machine's
 * voice. The dialplan plays `ramal/<name>`, and Asterisk looks in `<sounds>/<channel language>/ramal/`.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { convert, recipe, speak, wideSilence } from './speech.ts'
import type { Language } from './speech.ts'

/** Why the dialplan plays it: transfer.conf. */
export const silence = 'wide-silence'
const sources: Record<Language, string> = { pt_BR: 'pt-BR', en: 'en' }

/** Builds what changed since the last time; answers how many sounds were made. */
export async function buildPrompts(soundsDirectory: string, folder = import.meta.dirname, under = 'ramal'): Promise<number> {
  let made = 0
  for (const [language, source] of Object.entries(sources) as [Language, string][]) {
    const sentences = join(folder, `${source}.json`)
    if (!existsSync(sentences)) continue
    made += await buildLanguage(language, sentences, join(folder, source), join(soundsDirectory, language, under))
  }
  return made
}

async function buildLanguage(language: Language, sentencesFile: string, recordings: string, target: string): Promise<number> {
  const sentences = JSON.parse(await readFile(sentencesFile, 'utf8')) as Record<string, string>
  await mkdir(target, { recursive: true })
  const manifest = join(target, 'made-from.json')
  const before = readManifest(manifest)
  const now: Record<string, string> = {}
  let made = 0
  for (const [name, sentence] of Object.entries(sentences)) {
    const recording = join(recordings, `${name}.wav`)
    const recorded = existsSync(recording)
    now[name] = hash(recorded ? readFileSync(recording) : `${recipe} ${language} ${sentence}`)
    if (now[name] === before[name] && existsSync(join(target, `${name}.wav`))) continue
    if (recorded) await convert(recording, join(target, name))
    else await speak(language, sentence, join(target, name))
    made += 1
  }
  if (!existsSync(join(target, `${silence}.wav16`))) await wideSilence(join(target, silence))
  await removeOthers(target, new Set([...Object.keys(now), silence]))
  await writeFile(manifest, JSON.stringify(now, null, 2))
  return made
}

function readManifest(file: string): Record<string, string> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {}
}

/** A prompt that was renamed must not go on being found under its old name. */
async function removeOthers(target: string, names: Set<string>): Promise<void> {
  for (const file of await readdir(target)) {
    const name = /^(.+?)\.(wav|wav16|making\.wav|making\.wav16)$/.exec(file)?.[1]
    if (name !== undefined && !names.has(name)) await rm(join(target, file))
  }
}

function hash(source: string | Buffer): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 16)
}

if (import.meta.main) {
  const directory = process.argv[2]
  if (directory === undefined) {
    console.error('usage: node dialplan/prompts/build.ts <sounds directory, such as /usr/share/asterisk/sounds>')
    process.exit(2)
  }
  console.log(`${await buildPrompts(directory)} prompts made in ${directory}`)
}
