import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { createConnection } from 'mysql2/promise'
import t from 'tap'
import { lastGoodBackup } from '../../domain/operations/backup/backup.ts'
import { openDatabase, type Database } from '../../domain/database/pool.ts'
import { processUrl, testDatabaseUrl } from '../../domain/testing/database.ts'
import { runs } from '../../cli/testing/operator.ts'
import { FakeBucket } from '../../domain/testing/fake-bucket.ts'
import { recorded } from '../../domain/testing/recorded.ts'
import { scene } from '../../domain/testing/scene.ts'
import { books, type Books } from '../../domain/testing/steps.ts'
import { terminalProgress } from '../setup/progress.ts'
import { UnpackedPrograms } from '../setup/unpacked-programs.ts'

const directory = mkdtempSync(join(tmpdir(), 'ramal-backup-'))
t.teardown(() => rmSync(directory, { recursive: true, force: true }))
const at = (path: string) => join(directory, path)
await putOnPath()
const databaseUrl = await testDatabaseUrl(t)
const env = {
  ...process.env,
  PATH: `${at('bin')}:${process.env['PATH'] ?? ''}`,
  RAMAL_DATABASE_URL: databaseUrl,
  RAMAL_STORAGE_DIR: at('recordings'),
  RAMAL_BACKUP_REPOSITORY: at('repository'),
  RAMAL_BACKUP_KEY_FILE: at('backup.key'),
  RAMAL_BACKUP_SETTINGS: [at('ramal.env'), at('nftables.d'), at('not-there'), at('local')].join(),
  RAMAL_BACKUP_STATE_DIR: at('state'),
}
for (const name of ['recordings', 'state', 'local', 'nftables.d']) mkdirSync(at(name))
writeFileSync(at('backup.key'), randomBytes(32).toString('base64'), { mode: 0o600 })
writeFileSync(at('ramal.env'), 'RAMAL_SIP_DOMAIN=ramal.example\n')
writeFileSync(at('local/trunks.conf'), '[carrier-a](trunk)\n')
writeFileSync(at('nftables.d/carriers.nft'), 'add element inet ramal carriers4 { 203.0.113.7 }\n')

const backup = (...words: string[]) => runs(['backup', ...words], { env })

/** What must be unchanged afterwards. */
interface Kept {
  ledgers: Books[]
  calls: unknown[]
  /** SHA-256 of every recording in the database. */
  recordings: Record<string, string>
}

let kept: Kept

t.test('a backup of two companies, their calls and their recordings', async (t) => {
  await withDatabase(async (db) => {
    for (let company = 0; company < 2; company++) await companyWithRecordings(db, 3)
    kept = await whatIsThere(db)
  })
  t.equal(Object.keys(kept.recordings).length, 6)
  t.equal(await lastGoodBackup(at('state')), null)
  const umask = process.umask(0o077)
  const made = await backup('make')
  process.umask(umask)
  t.same(made, { code: 0, out: 'Backed up, pruned and verified.\n', err: '' })
  t.ok(await lastGoodBackup(at('state')), 'it stores the time of its success')
  t.equal(statSync(at('state/last-good.json')).mode & 0o777, 0o640, 'to the group as well, whatever the umask of ramal-backup.service')
  t.same(globSync(at('recordings/.*')), [], 'and leaves no copy of the database beside the recordings')
  t.equal(
    globSync(at('repository/**/*'), { withFileTypes: true }).filter(
      (file) => file.isFile() && holdsPlainText(join(file.parentPath, file.name)),
    ).length,
    0,
    'without the key it is unreadable',
  )
  await withDatabase((db) => companyWithRecordings(db, 1))
  t.match(await backup('make'), { code: 0 })
  t.equal((JSON.parse((await backup('list', '--json')).out) as unknown[]).length, 1, 'only the newest of a day is kept')
  await withDatabase(async (db) => (kept = await whatIsThere(db)))
})

t.test('a restore replaces data only after a confirmation, and not while the database is in use', async (t) => {
  // As our processes are connected: by users of their own.
  const db = openDatabase(await withDatabase((owner) => processUrl(owner, 'web')), { connections: 1 })
  await db.selectFrom('tenants').select('id').execute()
  t.match(await backup('restore', '--yes'), { code: 1, err: /The database is in use/ })
  await db.destroy()
  await gone()
  // Asterisk stays connected: it is not stopped for this.
  const asterisk = openDatabase(await withDatabase((owner) => processUrl(owner, 'asterisk')), { connections: 1 })
  t.teardown(() => asterisk.destroy())
  await sql`select 1`.execute(asterisk)
  t.match(await backup('restore'), { code: 1, err: /returns to .* with its 3 companies.*Nothing has changed/s })
  await withDatabase(async (db) => t.same(await whatIsThere(db), kept))
})

t.test('two backups cannot run at once', async (t) => {
  await withDatabase(async (db) => {
    await sql`select get_lock('ramal backup', 0)`.execute(db)
    t.match(await backup('make'), { code: 1, err: 'Another backup is being made.\n' })
  })
})

t.test('a wrong key opens nothing', async (t) => {
  writeFileSync(at('wrong.key'), 'guessed')
  const { code, err } = await runs(['backup', 'restore', '--yes'], { env: { ...env, RAMAL_BACKUP_KEY_FILE: at('wrong.key') } })
  t.equal(code, 1)
  t.match(err, 'wrong password or no key found')
  await withDatabase(async (db) => t.same(await whatIsThere(db), kept))
})

t.test('after a total loss a restore brings back the same ledgers, calls and recordings', async (t) => {
  await wipe()
  const { code, out, err } = await backup('restore')
  t.equal(code, 0, err)
  t.match(out, /companies +3\n/)
  t.match(out, /recordings +7\n/)
  await withDatabase(async (db) => t.same(await whatIsThere(db), kept))
  const settings = globSync(at('state/settings-of-*/**'), { withFileTypes: true }).filter((file) => file.isFile())
  t.same(
    settings.map(({ name }) => name).sort(),
    ['carriers.nft', 'ramal.env', 'trunks.conf'],
    'the settings are restored beside the state, not over the present ones',
  )
})

t.test('a restore over newer data moves the newer data aside', async (t) => {
  await withDatabase((db) => companyWithRecordings(db, 1))
  await gone()
  t.match(await backup('restore', '--yes'), { code: 0 })
  await withDatabase(async (db) => t.same(await whatIsThere(db), kept))
  t.equal(globSync(at('recordings/*/')).length, 3, 'the fourth company has no recordings here')
  t.equal(globSync(at('recordings/.replaced-*/*/')).length, 4, 'they are moved aside')
})

t.test('a recording missing on the server and in the snapshot is reported', async (t) => {
  const [lost] = Object.keys(kept.recordings)
  rmSync(globSync(at(`recordings/*/2026/11/${lost}.mp3`))[0] ?? '')
  t.match(await backup('make'), { code: 0 })
  await wipe()
  t.match(await backup('restore'), { code: 1, err: `The recording of call ${lost} is not as it was stored.` })

  const bucket = await FakeBucket.open(t)
  const { path } = await withDatabase((db) =>
    db
      .selectFrom('recordings')
      .select('path')
      .where('call_id', '=', lost ?? '')
      .executeTakeFirstOrThrow(),
  )
  bucket.files.set(path ?? '', randomBytes(50_000))
  await gone()
  const { code, err } = await runs(['backup', 'restore', '--yes'], { env: { ...env, ...bucket.env } })
  t.equal(code, 0, `unless it was moved to the bucket meanwhile: ${err}`)
  const row = await withDatabase((db) =>
    db
      .selectFrom('recordings')
      .selectAll()
      .where('call_id', '=', lost ?? '')
      .executeTakeFirstOrThrow(),
  )
  t.equal(row.place, 'bucket')
})

t.test('damage is found, and a damaged backup replaces no data', async (t) => {
  t.match(await backup('verify'), { code: 0 })
  cpSync(at('repository'), at('good'), { recursive: true })
  const pack = globSync(at('repository/data/*/*')).sort((a, b) => readFileSync(b).length - readFileSync(a).length)[0] ?? ''
  chmodSync(pack, 0o600)
  const bytes = readFileSync(pack)
  bytes[100] = (bytes[100] ?? 0) ^ 1
  writeFileSync(pack, bytes)
  t.match(await backup('verify'), { code: 1, err: /failed/ }, 'a changed bit')
  const before = await withDatabase(whatIsThere)
  await gone()
  t.match(await backup('restore', '--yes'), { code: 1, err: /failed/ })
  await withDatabase(async (db) => t.same(await whatIsThere(db), before))
  truncateSync(pack, 10)
  t.match(await backup('verify'), { code: 1, err: /failed/ }, 'a shortened file')
  const good = await lastGoodBackup(at('state'))
  rmSync(pack)
  t.match(await backup('make'), { code: 1, err: /failed/ }, 'a missing file')
  t.same(await lastGoodBackup(at('state')), good, 'a failed backup does not count')
})

t.test('unreadable settings fail the backup, but it contains everything else', async (t) => {
  execFileSync('mkfifo', [at('pipe')])
  const good = await lastGoodBackup(at('state'))
  const snapshots = () => globSync(at('good/snapshots/*')).length
  const before = snapshots()
  const { code, err } = await runs(['backup', 'make'], {
    env: { ...env, RAMAL_BACKUP_REPOSITORY: at('good'), RAMAL_BACKUP_SETTINGS: at('pipe') },
  })
  t.equal(code, 1)
  t.match(err, /Cannot copy a FIFO pipe.*settings.pipe/)
  t.equal(snapshots(), before + 1)
  t.same(await lastGoodBackup(at('state')), good)
})

t.test('without an answer of the database the backup fails', async (t) => {
  const good = await lastGoodBackup(at('state'))
  const elsewhere = new URL(databaseUrl)
  elsewhere.pathname = '/ramal_nowhere'
  const { code, err } = await runs(['backup', 'make'], {
    env: { ...env, RAMAL_DATABASE_URL: elsewhere.href, RAMAL_BACKUP_REPOSITORY: at('good') },
  })
  t.equal(code, 1)
  t.match(err, /ramal_nowhere/)
  t.notMatch(err, elsewhere.password, 'and the error has no password')
  t.same(await lastGoodBackup(at('state')), good)
})

async function putOnPath(): Promise<void> {
  mkdirSync(at('bin'))
  const programs = await UnpackedPrograms.ensure(terminalProgress())
  for (const name of ['restic', 'mariadb', 'mariadb-dump']) {
    const { file, env } = programs.command(name)
    const script = `#!/bin/sh\nLD_LIBRARY_PATH=${env['LD_LIBRARY_PATH']} exec ${file} "$@"\n`
    writeFileSync(at(`bin/${name}`), script, { mode: 0o755 })
  }
}

async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(databaseUrl, { connections: 1 })
  try {
    return await work(db)
  } finally {
    await db.destroy()
  }
}

/** A company with answered calls of eight seconds, each with a recording. */
async function companyWithRecordings(db: Database, calls: number): Promise<void> {
  const company = await scene(db)
  for (let n = 0; n < calls; n++) await recorded(db, at('recordings'), company, { start: n * 60 })
}

async function whatIsThere(db: Database): Promise<Kept> {
  const tenants = await db.selectFrom('tenants').select('id').orderBy('id').execute()
  const ledgers: Books[] = []
  for (const { id } of tenants) ledgers.push(await books(db, id))
  const stored = await db.selectFrom('recordings').select(['call_id', 'path']).where('state', '=', 'ready').orderBy('call_id').execute()
  const sum = (file: string) => (existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'lost')
  return {
    ledgers,
    calls: await db.selectFrom('calls').selectAll().orderBy('id').execute(),
    recordings: Object.fromEntries(stored.map(({ call_id, path }) => [call_id, sum(at(`recordings/${path}`))])),
  }
}

/** A new server, on which the installer has made an empty database. */
async function wipe(): Promise<void> {
  rmSync(at('recordings'), { recursive: true })
  mkdirSync(at('recordings'))
  const { pathname } = new URL(databaseUrl)
  const connection = await createConnection(databaseUrl)
  await connection.query(`drop database \`${pathname.slice(1)}\``)
  await connection.query(`create database \`${pathname.slice(1)}\``)
  await connection.end()
  await gone()
}

/** The server notices a moment later that a connection was closed. */
async function gone(): Promise<void> {
  await withDatabase(async (db) => {
    for (;;) {
      const { rows } = await sql`select 1 from information_schema.processlist where db = database() and id <> connection_id()`.execute(db)
      if (rows.length === 0) return
    }
  })
}

function holdsPlainText(file: string): boolean {
  const text = readFileSync(file).toString('latin1')
  return text.includes('CREATE TABLE') || text.includes('RAMAL_SIP_DOMAIN')
}
