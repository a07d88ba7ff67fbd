import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const views = join(import.meta.dirname, 'views')
const styles = join(import.meta.dirname, 'public/style')

t.test('a line of a view fits on a screen', (t) => {
  for (const file of readdirSync(views, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ejs')) continue
    const long = linesOf(join(views, file)).flatMap((line, n) => (line.length < 140 ? [] : [n + 1]))
    t.same(long, [], file)
  }
  t.end()
})

t.test('a style sheet has fewer than 250 lines, and a page loads it', (t) => {
  const heads = ['_head.ejs', 'operator.ejs'].map((file) => readFileSync(join(views, 'layout', file), 'utf8')).join('')
  for (const file of readdirSync(styles)) {
    t.ok(linesOf(join(styles, file)).length < 250, file)
    const name = file.replace('.css', '')
    t.ok(heads.includes(`'${name}'`) || heads.includes(`/style/${file}`), `${file} is loaded`)
  }
  t.end()
})

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n')
}
