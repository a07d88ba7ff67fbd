import { copyFileSync, existsSync, globSync, mkdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
const out = join(import.meta.dirname, 'public/build')
const htmx = join(root, 'node_modules/htmx.org/dist/htmx.min.js')

/** What the browser shares with the server. `.dependency-cruiser.js` allows no other. */
const shared = ['domain/telephony/number-text.ts']

await buildBrowserFiles()

/** Bundles the browser phone and copies htmx to web/public/build; does nothing when nothing has changed. */
async function buildBrowserFiles(): Promise<void> {
  const own = globSync('browser/**/*.ts', { cwd: import.meta.dirname }).map((name) => join(import.meta.dirname, name))
  const sources = [...own, ...shared.map((name) => join(root, name))]
  const made = [join(out, 'phone.js'), join(out, 'htmx.js')]
  if (isUpToDate(made, [...sources, import.meta.filename, htmx, createRequire(import.meta.url).resolve('jssip/package.json')])) {
    return console.log('web/public/build is up to date')
  }
  const startedAt = performance.now()
  mkdirSync(out, { recursive: true })
  await build({
    entryPoints: [join(import.meta.dirname, 'browser/main.ts')],
    outfile: join(out, 'phone.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome120', 'firefox121', 'safari17'],
    logLevel: 'warning',
  })
  copyFileSync(htmx, join(out, 'htmx.js'))
  const sizes = made.map((file) => `${Math.round(statSync(file).size / 1024)} kB`).join(' and ')
  console.log(`web/public/build: phone.js and htmx.js, ${sizes}, in ${Math.round(performance.now() - startedAt)} ms`)
}

/** npm gives packages the time of their making, so an installed file can be older than it looks: inode change time. */
function isUpToDate(made: readonly string[], sources: readonly string[]): boolean {
  if (!made.every((file) => existsSync(file))) return false
  const oldestMade = Math.min(...made.map((file) => statSync(file).mtimeMs))
  return sources.every((file) => Math.max(statSync(file).mtimeMs, statSync(file).ctimeMs) < oldestMade)
}
