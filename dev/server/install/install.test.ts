/** The steps share one machine, and each starts from what the one before it left. */
import t from 'tap'
import { firstInstall } from './first-install.ts'
import { FreshMachine } from './fresh-machine.ts'
import { installedServer, versionOf, workingCopy } from './installed-server.ts'
import { losses } from './losses.ts'
import { takeover } from './takeover.ts'
import { upgrades } from './upgrades.ts'

t.setTimeout(30 * 60_000)
const server = installedServer(await FreshMachine.raise(t))
/** The last version whose processes shared one user of the database, one file of settings and one group. */
const shared = '965bb32'

server.copyOf('new', workingCopy())
server.copyOf('old', versionOf(shared))

await firstInstall(t, server)
await takeover(t, server)
await upgrades(t, server)
await losses(t, server)
