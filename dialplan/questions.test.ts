import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { silence } from './prompts/build.ts'

const root = join(import.meta.dirname, '..')
const text = (path: string) => readFileSync(join(root, path), 'utf8')
const all = (source: string, what: RegExp) => [...source.matchAll(what)].map(([, found = '']) => found)
const sorted = (names: Iterable<string>) => [...new Set(names)].sort()

/** The dialplan without its comments, by file. */
const dialplan = new Map(
  globSync('dialplan/*.conf', { cwd: root }).map((path) => [basename(path), text(path).replaceAll(/(^|(?<=\s));.*$/gm, '')]),
)
const steps = [...dialplan.values()].join('\n')
const docs = text('docs/agi.md')
const rows = docs
  .split('\n')
  .filter((line) => /^\| `/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
const asked = all(steps, /Gosub\(ask,([a-z-]+),1/g)
const scripts = /const scripts[^{]*\{\n([^}]*)\}/.exec(text('fastagi/main.ts'))?.[1] ?? ''
const served = all(scripts, /^ {2}'?([a-z-]+)'?[:,]/gm).filter((name) => name !== 'health')

t.test('every question that the dialplan asks is answered and explained, and no other', (t) => {
  t.same(sorted(asked), sorted(served), 'fastagi/main.ts')
  t.same(sorted(asked), sorted(rows.map(([, question = '']) => question.replaceAll('`', ''))), 'docs/agi.md')
  t.equal(served.length, 16)
  for (const [, question = '', who = ''] of rows) {
    const files = [...dialplan].filter(([, source]) => source.includes(`Gosub(ask,${question.replaceAll('`', '')},1`)).map(([file]) => file)
    t.same(sorted(all(who, /`([a-z-]+\.conf)`/g)), sorted(files), `${question} is asked there`)
  }
  t.end()
})

t.test('only ask.conf asks', (t) => {
  for (const application of ['AGI', 'Originate']) {
    const callers = [...dialplan].flatMap(([file, source]) => all(source, new RegExp(`\\b(${application})\\(`, 'g')).map(() => file))
    t.same(callers, ['ask.conf'], application)
  }
  t.notMatch(steps, /\b(EAGI|DeadAGI|System|TrySystem)\(/)
  t.end()
})

t.test('every answer is cleared before the next question, or documented as the whole call’s', (t) => {
  const ask = dialplan.get('ask.conf') ?? ''
  const cleared = [...all(ask, /Set\((RAMAL_[A-Z_]+)=\)/g), ...all(ask, /Set\((RAMAL_VERDICT)=unavailable\)/g)]
  const ofTheCall = all(
    docs
      .split('\n')
      .slice(docs.split('\n').findIndex((line) => line.startsWith('Variables that')))
      .slice(0, 2)
      .join('\n'),
    /`(RAMAL_[A-Z_]+)`/g,
  )
  t.same(
    cleared.filter((name) => ofTheCall.includes(name)),
    [],
    'no variable is in both lists',
  )
  for (const path of globSync('fastagi/scripts/*.ts', { cwd: root })) {
    if (path.endsWith('.test.ts')) continue
    const answers = sorted(all(text(path).replaceAll(/\/\*\*[^]*?\*\//g, ''), /\b(RAMAL_[A-Z_]+):/g))
    t.same(
      answers.filter((name) => !cleared.includes(name) && !ofTheCall.includes(name)),
      [],
      path,
    )
    const row = rows.find(([, question]) => question === `\`${basename(path, '.ts')}\``)
    t.same(sorted(all(row?.[4] ?? '', /`(RAMAL_[A-Z_]+)`/g)), answers, `${path} and the table say the same`)
  }
  t.end()
})

t.test('the step after a question looks at its answer, or the question is a report', (t) => {
  const reports = rows.filter(([, , , , answers]) => answers === 'nothing').map(([, question = '']) => question.replaceAll('`', ''))
  for (const [file, source] of dialplan) {
    const lines = source.split('\n')
    for (const [n, line] of lines.entries()) {
      const question = /Gosub\(ask,([a-z-]+),1/.exec(line)?.[1]
      if (question === undefined || reports.includes(question)) continue
      // The answer of `incoming` is the name of the extension that goes on.
      const after = lines.slice(n + 1, n + 4).filter((step) => !step.includes('RAMAL_LANGUAGE') && !step.includes('RAMAL_CALLERID'))
      t.match(
        after.find((step) => step.trim() !== ''),
        /RAMAL_(VERDICT|LEASE)\b/,
        `${file}: ${question}`,
      )
    }
  }
  t.end()
})

t.test('every prompt that is played is built, in both languages', (t) => {
  const played = [
    ...all(steps, /Playback\(ramal\/([a-z-]+)/g),
    ...all(steps, /Gosub\(incoming,say,1\(([a-z-]+)\)/g),
    ...all(steps, /Goto\(refused,([a-z-]+),1\)/g),
    'unavailable',
  ]
  t.ok(played.length >= 6)
  for (const language of ['pt-BR', 'en']) {
    const built = [silence, ...Object.keys(JSON.parse(text(`dialplan/prompts/${language}.json`)) as Record<string, string>)]
    t.same(
      played.filter((name) => !built.includes(name)),
      [],
      language,
    )
  }
  t.end()
})
