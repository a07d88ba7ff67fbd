import type { ProgramResult } from '../run-program.ts'
import type { FreshMachine } from './fresh-machine.ts'

/**
 * As if MariaDB were moved to another machine: a second one, at the machine's other address, has the data, and the first is stopped.
 * Its owner may make no users. Returns what asks it as its root.
 */
export async function moveDatabase(
  machine: FreshMachine,
  supervise: (...words: string[]) => Promise<ProgramResult>,
): Promise<(statement: string) => Promise<ProgramResult>> {
  const password = /mysql:\/\/ramal:(\w+)@/.exec(await machine.read('/etc/ramal/ramal.env'))?.[1]
  const asterisk = /^password => (.*)$/m.exec(await machine.read('/etc/asterisk/local/odbc.conf'))?.[1]
  const prepare = `set -e
mariadb-install-db --no-defaults --user=mysql --datadir=/var/lib/elsewhere --auth-root-authentication-method=normal --skip-test-db >/dev/null
setsid mariadbd --no-defaults --user=mysql --datadir=/var/lib/elsewhere --bind-address=${machine.address} --port=3307 --socket=/var/lib/elsewhere/socket \
  --pid-file=/var/lib/elsewhere/pid --skip-name-resolve --character-set-server=utf8mb4 </dev/null >/var/log/elsewhere 2>&1 &
for try in $(seq 300); do ! mariadb --socket /var/lib/elsewhere/socket -e 'select 1' >/dev/null 2>&1 || break; sleep 0.2; done
mariadb --socket /var/lib/elsewhere/socket <<SQL
create user ramal@'%' identified by '${password}'; grant all privileges on ramal.* to ramal@'%';
create user asterisk@'%' identified by '${asterisk}';
create database ramal character set utf8mb4 collate utf8mb4_unicode_ci;
SQL
mariadb-dump --routines --triggers ramal | sed 's/DEFINER=\`ramal\`@\`127.0.0.1\`/DEFINER=\`ramal\`@\`%\`/' | mariadb --socket /var/lib/elsewhere/socket ramal
sed -i 's|^RAMAL_DATABASE_URL=.*|RAMAL_DATABASE_URL=mysql://ramal:${password}@${machine.address}:3307/ramal|' /etc/ramal/ramal.env
sed -i -e 's/^Server = .*/Server = ${machine.address}/' -e 's/^Port = .*/Port = 3307/' /etc/asterisk/local/odbc.ini`
  const { code, output } = await machine.run('bash', '-c', prepare)
  if (code !== 0) throw new Error(output)
  await supervise('stop', 'asterisk', 'ramal-fastagi', 'ramal-web', 'ramal-worker', 'mariadb')
  await supervise('start', 'asterisk')
  return (statement) => machine.runWith(statement, 'mariadb', '--skip-column-names', '--socket', '/var/lib/elsewhere/socket')
}
