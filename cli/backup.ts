import { backUp, lastGoodBackup } from '../domain/operations/backup/backup.ts'
import { Repository, type Snapshot } from '../domain/operations/backup/repository.ts'
import { lookAtTarget, restore } from '../domain/operations/backup/restore.ts'
import { loadConfig, type Config } from '../domain/runtime/config.ts'
import { noun, print, verb, type Answer } from './command.ts'
import { asking, confirm, type Asking } from './confirmation.ts'
import { minutesWords } from './durations.ts'
import { UserError } from './user-error.ts'
import { momentWords, serverTimeZone } from './dates.ts'
import type { Shell, ShellCommand } from './shell.ts'
import { factTable, table } from './tables.ts'

/** `backup make | list | verify | restore` */
export function backupCommands(program: ShellCommand): void {
  const backup = noun(
    program,
    'backup',
    'encrypted copies of the database, the recordings and the settings, where RAMAL_BACKUP_REPOSITORY says',
  )

  verb(backup, 'make', 'adds one, forgets old ones, and reads a seventh of what is there; ramal-backup.timer does it each night').action(
    saying(make),
  )
  verb(backup, 'list', 'those that there are, oldest first').action(saying(list))
  verb(backup, 'verify', 'reads all that is there and says what is damaged').action(saying(verify))
  asking(verb(backup, 'restore', 'puts one in the place of what this server holds (docs/recover.md)'))
    .argument('[id]', 'its id in the list; the newest where none is given')
    .action(saying(bringBack))
}

type Work<Typed extends unknown[]> = (config: Config, shell: Shell, ...typed: Typed) => Promise<Answer>

/** The action of a verb whose work may find no database. */
function saying<Typed extends unknown[]>(work: Work<Typed>) {
  return async function (this: ShellCommand, ...typed: Typed): Promise<void> {
    print(this, await work(loadConfig(this.shell.env), this.shell, ...typed))
  }
}

async function make(config: Config, { env }: Shell): Promise<Answer> {
  await backUp(config, env, () => new Date())
  return { text: 'Backed up, pruned and verified.', json: { finishedAt: await lastGoodBackup(config.backup.stateDir) } }
}

async function list({ backup }: Config, { env }: Shell): Promise<Answer> {
  const snapshots = await new Repository(backup, env).list()
  const rows = snapshots.map(({ id, at }) => [id, momentWords(at, serverTimeZone)])
  return { text: table({ id: 'left', 'as of': 'left' }, rows, 'There is no backup yet.'), json: snapshots }
}

async function verify({ backup }: Config, { env }: Shell): Promise<Answer> {
  await new Repository(backup, env).verify('all')
  return { text: 'All of it can be read.', json: { damaged: false } }
}

async function bringBack(config: Config, shell: Shell, id: string | undefined, { yes }: Asking): Promise<Answer> {
  const repository = new Repository(config.backup, shell.env)
  const snapshot = pick(await repository.list(), id)
  const { companies, stored, inUse } = await lookAtTarget(config)
  if (inUse > 0)
    throw new UserError('The database is in use. systemd/restore stops our processes first and starts them again (docs/recover.md).')
  const asOf = momentWords(snapshot.at, serverTimeZone)
  if (companies > 0 || stored > 0)
    await confirm(
      shell,
      `Everything here becomes as it was at ${asOf}: the database with its ${companies} companies is gone, and recordings are put aside.`,
      'restore',
      { yes },
    )
  const { damaged, ledgerSeconds, ...restored } = await restore(repository, snapshot, config, shell.env, new Date())
  return {
    text: factTable([
      ['as of', asOf],
      ['companies', String(restored.companies)],
      ['calls', String(restored.calls)],
      ['sum of the ledgers', minutesWords(ledgerSeconds)],
      ['recordings', String(restored.recordings)],
      ['settings', restored.settingsDir],
    ]),
    json: { snapshot, ledgerSeconds, damaged, ...restored },
    faults: damaged.map((callId) => `The recording of call ${callId} is not as it was stored.`),
  }
}

function pick(snapshots: Snapshot[], id: string | undefined): Snapshot {
  const found = id === undefined ? snapshots.at(-1) : snapshots.find((snapshot) => snapshot.id === id)
  if (!found) throw new UserError(id === undefined ? 'There is no backup yet.' : `There is no backup ${id}: ramal backup list shows them.`)
  return found
}
