import packageFile from '../../package.json' with { type: 'json' }
import { asset } from './assets.ts'

/** What a page runs: the release, and the build of its phone. A page that is open all day keeps yesterday's. */
export function appVersion(): string {
  const build = asset('/build/phone.js')?.split('?v=')[1] ?? 'none'
  return `${packageFile.version}+${build}`
}
