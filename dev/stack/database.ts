import { constants, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'mysql2/promise'
import { accounts, type Account } from '../../domain/database/grants.ts'
import { heldRights, settlingStatements } from '../../domain/database/rights.ts'
import type { Progress } from '../setup/progress.ts'
import { findInRoot } from '../setup/root.ts'
import type { Root } from '../setup/root.ts'
import { runCommand } from '../setup/run-command.ts'
import { Daemon } from './daemon.ts'
import type { Secrets, State } from './state.ts'

type Options = {
  root: Root
  state: State
  secrets: Secrets
  port: number
  /** False skips every fsync, for tests: a power cut may corrupt the data, SIGKILL of the server may not. */
  durable: boolean
  /** The data directory to copy. Without it, a new stack gets an empty one. */
  image?: () => Promise<string>
  progress: Progress
}

/** The MariaDB of one stack: its own data and port, none of the machine's settings. */
export class Database extends Daemon {
  readonly #options: Options

  constructor(options: Options) {
    const { root, state, port } = options
    super({
      name: 'mariadb',
      logFile: state.path('log/mariadb.log'),
      command: () => ({ ...root.command(serverProgram(root), serverArguments(options)), env: { PATH: process.env['PATH'], TZ: 'UTC' } }),
      beforeStart: () => prepareData(options),
      ready: () => this.ask('select 1').then(() => {}),
      readyWithinMs: 60_000,
      stopWithinMs: 30_000,
      onUnexpectedEnd: options.progress.note,
    })
    this.#options = options
    this.port = port
  }

  readonly port: number

  /** The URL of a database with the rights of its owner. A name other than `ramal` must start with `ramal_`. */
  url(name = 'ramal'): string {
    return `mysql://ramal:${this.#options.secrets.ramal}@127.0.0.1:${this.port}/${name}`
  }

  /** Runs one statement as root of the database. */
  async ask(statement: string): Promise<unknown> {
    const connection = await createConnection({
      host: '127.0.0.1',
      port: this.port,
      user: 'root',
      password: this.#options.secrets.root,
      connectTimeout: 2000,
    })
    try {
      const [rows] = await connection.query(statement)
      return rows
    } finally {
      connection.destroy()
    }
  }

  /** The same for an account with limited rights (domain/database/grants.ts). */
  urlOf(account: Account): string {
    return `mysql://${accounts[account]}:${this.#options.secrets[account]}@127.0.0.1:${this.port}/ramal`
  }

  /** Gives each account its rights. The tables must exist, so call it after the migrations. */
  async grantRights(): Promise<void> {
    for (const account of Object.keys(accounts) as Account[]) {
      const held = await heldRights(this.urlOf(account))
      for (const statement of settlingStatements(account, held)) await this.ask(statement)
    }
  }
}

export function serverProgram(root: Root): string {
  return findInRoot(root, '/usr/sbin/mariadbd', '/usr/libexec/mariadbd', '/usr/local/sbin/mariadbd')
}

/** Each server has its own: at its start it deletes all temporary tables of the directory, even those of another server. */
function temporaryTables(state: State): string {
  return state.path('mariadb/tmp')
}

async function prepareData(options: Options): Promise<void> {
  const { state, secrets, image } = options
  const data = state.path('mariadb/data')
  mkdirSync(temporaryTables(state), { recursive: true })
  const finished = state.path('mariadb/initialised')
  if (!existsSync(finished)) {
    rmSync(data, { recursive: true, force: true })
    if (image) cpSync(await image(), data, { recursive: true, mode: constants.COPYFILE_FICLONE })
    else await makeData(options, data)
    writeFileSync(finished, '')
  }
  writeFileSync(state.path('mariadb/accounts.sql'), makeAccounts(secrets), { mode: 0o600 })
}

async function makeData({ root, state, progress }: Options, data: string): Promise<void> {
  progress.step('making the database')
  mkdirSync(data, { recursive: true })
  const { file, args } = root.command('mariadb-install-db', [
    '--no-defaults',
    '--user=root',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ])
  await runCommand(file, args, { env: { ...process.env, TMPDIR: temporaryTables(state) } })
}

/** SQL that the server runs at each start, before it listens. The generated passwords contain no quotes. */
function makeAccounts(secrets: Secrets): string {
  const account = (user: string, password: string) => [
    `create user if not exists '${user}'@'127.0.0.1';`,
    `alter user '${user}'@'127.0.0.1' identified by '${password}';`,
  ]
  // Tests grant rights on databases that they create.
  const rights = ['`ramal`.*', '`ramal\\_%`.*'].map((where) => `grant all privileges on ${where} to 'ramal'@'127.0.0.1' with grant option;`)
  return [
    `create user if not exists 'root'@'127.0.0.1';`,
    `alter user 'root'@'127.0.0.1' identified by '${secrets.root}';`,
    `alter user 'root'@'localhost' identified by '${secrets.root}';`,
    `grant all privileges on *.* to 'root'@'127.0.0.1' with grant option;`,
    ...account('ramal', secrets.ramal),
    ...rights,
    // `ramal backup restore` checks for other connections.
    `grant process on *.* to 'ramal'@'127.0.0.1';`,
    ...(Object.keys(accounts) as Account[]).flatMap((name) => account(accounts[name], secrets[name])),
    'create database if not exists `ramal` character set utf8mb4 collate utf8mb4_unicode_ci;',
    '',
  ].join('\n')
}

function serverArguments({ state, port, durable }: Options): string[] {
  return [
    '--no-defaults',
    '--user=root',
    `--datadir=${state.path('mariadb/data')}`,
    `--tmpdir=${temporaryTables(state)}`,
    `--socket=${state.path('mariadb/mariadbd.sock')}`,
    `--pid-file=${state.path('mariadb/mariadbd.pid')}`,
    `--init-file=${state.path('mariadb/accounts.sql')}`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--skip-name-resolve',
    '--skip-log-bin',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_unicode_ci',
    '--default-time-zone=+00:00',
    '--sql-mode=STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
    '--innodb-log-file-size=16M',
    '--innodb-buffer-pool-size=128M',
    `--innodb-flush-log-at-trx-commit=${durable ? 1 : 2}`,
    '--max-connections=200',
    ...(durable ? [] : ['--debug-no-sync', '--innodb-flush-method=nosync', '--skip-innodb-doublewrite']),
  ]
}
