import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { outcomes } from '../../domain/telephony/hangup-causes.ts'
import { holidays } from '../../domain/policy/holidays.ts'
import { verdicts } from '../../domain/policy/verdicts.ts'
import en from './en.json' with { type: 'json' }
import ptBR from './pt-BR.json' with { type: 'json' }
import { hasMessage, translator } from './translate.ts'

const web = join(import.meta.dirname, '..')

t.test('both languages have the same keys, with the same placeholders', (t) => {
  t.same(Object.keys(en), Object.keys(ptBR))
  for (const [key, words] of Object.entries(ptBR)) t.same(namesIn((en as Record<string, string>)[key] ?? ''), namesIn(words), key)
  t.end()
})

t.test('every key that views and code use exists', (t) => {
  const files = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(ejs|ts)$/.test(name) && !/\.test\.|^browser\//.test(name),
  )
  for (const file of files) {
    const source = readFileSync(join(web, file), 'utf8')
    for (const [, key] of source.matchAll(/\bt\('([\w.-]+)'[,)]/g)) t.ok(hasMessage(key ?? ''), `${file}: ${key}`)
  }
  t.end()
})

t.test('every verdict, holiday and outcome has a text', (t) => {
  for (const verdict of verdicts) if (verdict !== 'allowed') t.ok(hasMessage(`verdict.${verdict}`), verdict)
  for (const holiday of holidays) t.ok(hasMessage(`holiday.${holiday}`), holiday)
  for (const outcome of outcomes) {
    t.ok(hasMessage(`outcome.${outcome}`) && hasMessage(`outcome.${outcome}.short`), outcome)
  }
  t.end()
})

t.test('placeholders are filled in, and a missing message is an error', (t) => {
  t.equal(translator('pt-BR')('state.authorized', { name: 'Maria' }), 'Chamando Maria…')
  t.equal(translator('en')('state.authorized', { name: 'Maria' }), 'Ringing Maria…')
  t.throws(() => translator('en')('no.such.words'))
  t.end()
})

function namesIn(words: string): string[] {
  return [...words.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort()
}
