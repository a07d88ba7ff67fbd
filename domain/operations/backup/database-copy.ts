import { open, type FileHandle } from 'node:fs/promises'
import { runProgram } from './run-program.ts'

/** Sessions and registrations are only valid today. */
const withoutRows = ['sessions', 'ps_contacts']

/** The last line of a complete dump. */
const lastWords = '-- Dump completed'

/** Writes the whole database to `file`, as of one point in time, without blocking calls. */
export async function dumpDatabase(databaseUrl: string, file: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { name, options, login } = connection(databaseUrl, env)
  const ignored = withoutRows.map((table) => `--ignore-table-data=${name}.${table}`)
  const how = ['--single-transaction', '--quick', '--routines', '--triggers', '--hex-blob', '--no-tablespaces']
  await using handle = await open(file, 'w', 0o600)
  await runProgram('mariadb-dump', [...options, ...how, ...ignored, name], { env: login, stdout: handle.fd })
  await handle.sync()
  await assertWhole(file)
}

/** Replaces the whole database by a dump of `dumpDatabase`. An incomplete dump replaces nothing. */
export async function loadDatabase(databaseUrl: string, file: string, env: NodeJS.ProcessEnv): Promise<void> {
  await assertWhole(file)
  const { name, options, login } = connection(databaseUrl, env)
  const anew = `drop database if exists \`${name}\`; create database \`${name}\` character set utf8mb4 collate utf8mb4_unicode_ci`
  await runProgram('mariadb', [...options, `--execute=${anew}`], { env: login })
  await using handle = await open(file)
  await runProgram('mariadb', [...options, name], { env: login, stdin: handle.fd })
}

/** Passes the password in the environment, which only this user can read. Every user can read the arguments. */
function connection(databaseUrl: string, env: NodeJS.ProcessEnv): { name: string; options: string[]; login: NodeJS.ProcessEnv } {
  const url = new URL(databaseUrl)
  return {
    name: decodeURIComponent(url.pathname.slice(1)),
    options: [
      '--no-defaults',
      '--protocol=tcp',
      `--host=${url.hostname}`,
      `--port=${url.port || '3306'}`,
      `--user=${decodeURIComponent(url.username)}`,
      '--default-character-set=utf8mb4',
    ],
    login: { ...env, MYSQL_PWD: decodeURIComponent(url.password) },
  }
}

async function assertWhole(file: string): Promise<void> {
  await using handle = await open(file)
  if (!(await lastBytes(handle, 200)).includes(lastWords)) throw new Error(`${file} is not a whole copy of a database`)
}

async function lastBytes(handle: FileHandle, count: number): Promise<string> {
  const { size } = await handle.stat()
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, Math.max(0, size - count))
  return buffer.toString('utf8', 0, bytesRead)
}
