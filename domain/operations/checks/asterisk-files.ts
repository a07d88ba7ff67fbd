import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const directories = ['pjsip', 'dialplan'] as const

/** Checks that Asterisk has the files of this version: an old dialplan asks questions that the AGI server no longer answers. */
export async function checkAsteriskFiles({ config }: Server): Promise<Finding[]> {
  const different: string[] = []
  let count = 0
  for (const directory of directories) {
    const ours = new URL(`../../../${directory}/`, import.meta.url)
    for (const name of (await readdir(ours)).filter((file) => file.endsWith('.conf'))) {
      count++
      const [wanted, found] = await Promise.all([
        readFile(new URL(name, ours), 'utf8'),
        readFile(join(config.asteriskConfigDir, name), 'utf8').catch(() => null),
      ])
      if (found === null) different.push(`${name} (missing)`)
      else if (found !== wanted) different.push(name)
    }
  }
  if (different.length === 0) return [ok(`all ${count} files are those of this version`)]
  return [
    fault(
      `these files in ${config.asteriskConfigDir} differ from this version, so calls can be refused: ${different.join(', ')}`,
      `in the directory of this version: cp pjsip/*.conf dialplan/*.conf ${config.asteriskConfigDir}/; then: asterisk -rx "core reload"; your own settings go into ${join(config.asteriskConfigDir, 'local')}/`,
    ),
  ]
}
