import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '../..')
const text = (path: string) => readFileSync(join(root, path), 'utf8')
const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: root })]
const rooms = readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
const matches = (source: string, pattern: RegExp) => [...source.matchAll(pattern)].map(([, found = '']) => found)

t.test('every path that a page names exists', (t) => {
  for (const page of pages) {
    const named = matches(text(page), /`([\w.-]+\/[\w./*-]*)/g).filter((path) => rooms.includes(path.split('/')[0] ?? ''))
    t.same(
      named.filter((path) => globSync(path, { cwd: root }).length === 0),
      [],
      page,
    )
  }
  t.end()
})

t.test('every link between pages leads to a file', (t) => {
  for (const page of pages) {
    const prose = text(page).replaceAll(/^ *```[^]*?^ *```/gm, '')
    const links = matches(prose, /\]\(([^)#\s]+)(?:#[^)]*)?\)/g).filter((link) => !link.includes('://'))
    t.same(
      links.filter((link) => !existsSync(join(root, dirname(page), link))),
      [],
      page,
    )
  }
  t.end()
})

t.test('every command that a page names is a script of package.json', (t) => {
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> }
  for (const page of pages) {
    t.same(
      matches(text(page), /npm run ([\w:-]+)/g).filter((name) => !(name in scripts)),
      [],
      page,
    )
  }
  t.end()
})

t.test('the map of the tree names only folders that exist', (t) => {
  const lines = /## Map of the tree\n+```\n([^]*?)```/.exec(text('README.md'))?.[1]?.trimEnd().split('\n') ?? []
  t.ok(lines.length > 0 && lines.length <= 25, `${lines.length} lines`)
  let top = ''
  for (const line of lines) {
    const folders = matches(`${line.slice(0, line.search(/\S {2,}\S/) + 1 || undefined)} `, /([\w-]+\/)/g)
    if (!line.startsWith(' ')) top = folders[0] ?? ''
    for (const folder of folders) t.ok(existsSync(join(root, line.startsWith(' ') ? top : '', folder)), `${top}${folder}`)
  }
  t.end()
})
