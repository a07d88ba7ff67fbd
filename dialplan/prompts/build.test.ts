import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { verdicts } from '../../domain/policy/verdicts.ts'
import { buildPrompts } from './build.ts'

const scratch = mkdtempSync(join(tmpdir(), 'ramal-prompts-'))
t.teardown(() => rmSync(scratch, { recursive: true }))
const sounds = join(scratch, 'sounds')
const folder = join(scratch, 'prompts')
const spoken = join(sounds, 'pt_BR/ramal/no-balance.wav')
const seconds = (file: string) =>
  Number(execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file], { encoding: 'utf8' }))
mkdirSync(join(folder, 'pt-BR'), { recursive: true })
writeFileSync(join(folder, 'pt-BR.json'), JSON.stringify({ 'no-balance': 'Sem saldo de minutos.' }))

t.test('every refusal has a prompt in both languages', async (t) => {
  for (const language of ['pt-BR', 'en']) {
    const sentences = JSON.parse(readFileSync(join(import.meta.dirname, `${language}.json`), 'utf8')) as Record<string, string>
    t.same(
      verdicts.filter((verdict) => verdict !== 'allowed' && !sentences[verdict]),
      [],
      language,
    )
  }
})

t.test('a sentence is spoken once, and again only when it changes', async (t) => {
  t.equal(await buildPrompts(sounds, folder), 1)
  t.ok(seconds(spoken) > 0.5)
  t.equal(await buildPrompts(sounds, folder), 0)
  t.ok(seconds(join(sounds, 'pt_BR/ramal/wide-silence.wav16')) > 0.05, 'and the silence of transfers is made, and kept')
})

t.test('a recording of a person wins over the machine’s voice', async (t) => {
  const recording = join(folder, 'pt-BR/no-balance.wav')
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100', '-t', '7', recording])
  t.equal(await buildPrompts(sounds, folder), 1)
  t.ok(Math.abs(seconds(spoken) - 7) < 0.1, `${seconds(spoken)} s`)
  rmSync(recording)
  t.equal(await buildPrompts(sounds, folder), 1, 'the machine’s voice returns when the recording is deleted')
  t.ok(seconds(spoken) < 5)
})
