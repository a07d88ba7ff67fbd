import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const folders = ['pjsip', 'dialplan'] as const

/** Asterisk must run the files of this version: an old dialplan asks questions that our server no longer answers. */
export async function compareAsteriskFiles({ config }: Server): Promise<Finding[]> {
  const different: string[] = []
  let count = 0
  for (const folder of folders) {
    const ours = new URL(`../../../${folder}/`, import.meta.url)
    for (const name of (await readdir(ours)).filter((file) => file.endsWith('.conf'))) {
      count++
      const [wanted, found] = await Promise.all([
        readFile(new URL(name, ours), 'utf8'),
        readFile(join(config.asteriskConfigDir, name), 'utf8').catch(() => null),
      ])
      if (found === null) different.push(`${name} (not there)`)
      else if (found !== wanted) different.push(name)
    }
  }
  if (different.length === 0) return [ok(`${count} files, as this version brings them`)]
  return [
    fault(
      `in ${config.asteriskConfigDir} these differ from what this version brings: ${different.join(', ')}`,
      `copy pjsip/*.conf and dialplan/*.conf of this version there, then: asterisk -rx "core reload"; what belongs to your site goes into ${join(config.asteriskConfigDir, 'local')}/`,
    ),
  ]
}
