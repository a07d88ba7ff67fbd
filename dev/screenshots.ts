/**
 * `npm run screenshots`: every page at the width of a desktop and of a telephone, light and dark, into docs/screenshots.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../domain/database/pool.ts'
import { openBrowser } from './flows/stage.ts'
import { visit } from './gallery.ts'
import { pastCalls } from './past-calls.ts'
import { seedDemo } from './seed.ts'
import { checkout } from './setup/cache.ts'
import { installHostPrograms } from './setup/packages.ts'
import { terminalProgress } from './setup/progress.ts'
import { startStack } from './stack/stack.ts'

const folder = join(checkout, 'docs/screenshots')
const widths = [1440, 390]
const progress = terminalProgress()
await installHostPrograms(['chromium'], progress)
const stack = await startStack({
  name: 'screenshots',
  fresh: true,
  temporary: true,
  parts: ['mariadb', 'web'],
  seed: (env) => seedDemo(env.RAMAL_DATABASE_URL),
  progress,
})
const db = openDatabase(stack.env.RAMAL_DATABASE_URL)
const browser = await openBrowser()
try {
  const seen = await pastCalls(db, stack.env.RAMAL_STORAGE_DIR)
  mkdirSync(folder, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const) {
    await visit(browser, stack.url, seen, colorScheme, async (page, name) => {
      const debugging = await page.context().newCDPSession(page)
      for (const width of widths) {
        await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
        const { data } = await debugging.send('Page.captureScreenshot', { format: 'webp', quality: 70 })
        writeFileSync(join(folder, `${name}-${width}-${colorScheme}.webp`), Buffer.from(data, 'base64'))
      }
      progress.step(`${name}, ${colorScheme}`)
    })
  }
  progress.note(`docs/screenshots has them`)
} finally {
  await browser.close()
  await db.destroy()
  await stack.stop()
}
