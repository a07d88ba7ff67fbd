import { sql } from 'kysely'
import { fault, ok, warning, type Finding } from './finding.ts'
import { runBounded } from './run-bounded.ts'
import type { Server } from './server.ts'

const apartMs = 2000

/** If the clocks differ, a lost report is charged wrongly; a wrong clock assigns calls to the wrong day. */
export async function compareClocks({ db }: Server): Promise<Finding[]> {
  const before = Date.now()
  const { rows } = await sql<{ now: number }>`select unix_timestamp(now(3)) * 1000 as now`.execute(db)
  const off = Number(rows[0]?.now) - (before + Date.now()) / 2
  if (!(Math.abs(off) < apartMs))
    return [
      fault(
        `the database's clock is ${(off / 1000).toFixed(0)} s off this machine's`,
        'let both machines keep time: timedatectl set-ntp true',
      ),
    ]
  // Not installed everywhere, and a container uses its host's clock.
  const synchronized = await runBounded('timedatectl', ['show', '--property=NTPSynchronized', '--value'], { timeoutMs: 5000 }).then(
    ({ code, stdout }) => (code === 0 ? stdout.trim() : null),
    () => null,
  )
  if (synchronized === 'no')
    return [warning('nothing keeps this clock right', 'timedatectl set-ntp true (package systemd-timesyncd or chrony)')]
  return [ok(synchronized === 'yes' ? 'kept right by NTP, and the database agrees' : 'the database agrees')]
}
