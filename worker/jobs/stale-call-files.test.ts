import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { testDatabase } from '../../domain/testing/database.ts'
import { second } from '../../domain/testing/steps.ts'
import { jobContext } from '../testing.ts'
import { staleCallFiles } from './stale-call-files.ts'

const context = await jobContext(t, await testDatabase(t))

t.test(
  'a call file that was being written when its process was killed goes; one that is being written, and others’ files, stay',
  async (t) => {
    const tmp = join(context.config.spoolDir, 'tmp')
    const call = 'a'.repeat(32)
    const files = { [`${call}.call.00000001`]: 0, [`${call}.probe-7.call.00000002`]: 0, [`${call}.call.00000003`]: 100, 'outgoing-mail': 0 }
    for (const [name, at] of Object.entries(files)) {
      await writeFile(join(tmp, name), '')
      await utimes(join(tmp, name), second(at), second(at))
    }
    await staleCallFiles.run(context.at(second(120)))
    t.same((await readdir(tmp)).sort(), [`${call}.call.00000003`, 'outgoing-mail'])
  },
)
