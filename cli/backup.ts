import { backUp, lastGoodBackup } from '../domain/operations/backup/backup.ts'
import { Repository, type Snapshot } from '../domain/operations/backup/repository.ts'
import { lookAtTarget, restore } from '../domain/operations/backup/restore.ts'
import { loadConfig, type Config } from '../domain/runtime/config.ts'
import { serverTimeZone } from '../domain/runtime/time-zone.ts'
import { noun, print, verb, type Output } from './command.ts'
import { confirm, withYesOption, type YesOption } from './confirmation.ts'
import { formatTime } from './dates.ts'
import { formatDuration } from './durations.ts'
import type { Shell, ShellCommand } from './shell.ts'
import { propertyTable, table } from './tables.ts'
import { UserError } from './user-error.ts'

/** `backup make | list | verify | restore` */
export function backupCommands(program: ShellCommand): void {
  const backup = noun(program, 'backup', 'encrypted copies of the database, the recordings and the settings in RAMAL_BACKUP_REPOSITORY')

  verb(
    backup,
    'make',
    'makes a backup, deletes old ones, and verifies a seventh of the data; ramal-backup.timer runs it each night',
  ).action(configAction(make))
  verb(backup, 'list', 'lists all backups, oldest first').action(configAction(list))
  verb(backup, 'verify', 'reads all backups and reports damaged data').action(configAction(verify))
  withYesOption(verb(backup, 'restore', 'replaces all data of this server with a backup (docs/recover.md)'))
    .argument('[id]', 'its id in the list; by default the newest')
    .action(configAction(restoreBackup))
}

/** The action of a verb that must work without a database. */
function configAction<Args extends unknown[]>(work: (config: Config, shell: Shell, ...args: Args) => Promise<Output>) {
  return async function (this: ShellCommand, ...args: Args): Promise<void> {
    print(this, await work(loadConfig(this.shell.env), this.shell, ...args))
  }
}

async function make(config: Config, { env }: Shell): Promise<Output> {
  await backUp(config, env, () => new Date())
  return { text: 'Backed up, pruned and verified.', json: { finishedAt: await lastGoodBackup(config.backup.stateDir) } }
}

async function list({ backup }: Config, { env }: Shell): Promise<Output> {
  const snapshots = await new Repository(backup, env).list()
  const rows = snapshots.map(({ id, at }) => [id, formatTime(at, serverTimeZone)])
  return { text: table({ id: 'left', 'as of': 'left' }, rows, noBackup), json: snapshots }
}

async function verify({ backup }: Config, { env }: Shell): Promise<Output> {
  await new Repository(backup, env).verify('all')
  return { text: 'All backups can be read.', json: { damaged: false } }
}

async function restoreBackup(config: Config, shell: Shell, id: string | undefined, { yes }: YesOption): Promise<Output> {
  const repository = new Repository(config.backup, shell.env)
  const snapshot = pickSnapshot(await repository.list(), id)
  const { companies, stored, inUse } = await lookAtTarget(config)
  if (inUse > 0) throw new UserError('The database is in use: run systemd/restore, which stops the processes first (docs/recover.md).')
  const asOf = formatTime(snapshot.at, serverTimeZone)
  if (companies > 0 || stored > 0)
    await confirm(
      shell,
      `This server returns to ${asOf}: the database with its ${companies} companies is deleted, and its recordings are set aside.`,
      'restore',
      { yes },
    )
  const { damaged, ledgerSeconds, ...restored } = await restore(repository, snapshot, config, shell.env, new Date())
  return {
    text: propertyTable([
      ['as of', asOf],
      ['companies', String(restored.companies)],
      ['calls', String(restored.calls)],
      ['sum of the ledgers', formatDuration(ledgerSeconds)],
      ['recordings', String(restored.recordings)],
      ['settings', restored.settingsDir],
    ]),
    json: { snapshot, ledgerSeconds, damaged, ...restored },
    faults: damaged.map((callId) => `The recording of call ${callId} is not as it was stored.`),
  }
}

const noBackup = 'There is no backup yet: "ramal backup make" makes one.'

function pickSnapshot(snapshots: Snapshot[], id: string | undefined): Snapshot {
  const snapshot = id === undefined ? snapshots.at(-1) : snapshots.find((candidate) => candidate.id === id)
  if (!snapshot) throw new UserError(id === undefined ? noBackup : `Backup ${id} does not exist. "ramal backup list" shows all backups.`)
  return snapshot
}
