import { sql } from 'kysely'
import { fault, ok, warning, type Finding } from './finding.ts'
import { runBounded } from './run-bounded.ts'
import type { Server } from './server.ts'

const maxDifferenceMs = 2000

/** If the clocks differ, a lost report is charged wrongly; a wrong clock assigns calls to the wrong day. */
export async function checkClock({ db }: Server): Promise<Finding[]> {
  const before = Date.now()
  const { rows } = await sql<{ now: number }>`select unix_timestamp(now(3)) * 1000 as now`.execute(db)
  const aheadMs = Number(rows[0]?.now) - (before + Date.now()) / 2
  if (!(Math.abs(aheadMs) < maxDifferenceMs))
    return [
      fault(
        `the clock of the database is ${(Math.abs(aheadMs) / 1000).toFixed(0)} s ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine's, so calls can be charged wrongly`,
        'on both machines: timedatectl set-ntp true',
      ),
    ]
  // Not installed everywhere, and a container uses its host's clock.
  const synchronized = await runBounded('timedatectl', ['show', '--property=NTPSynchronized', '--value'], { timeoutMs: 5000 }).then(
    ({ code, stdout }) => (code === 0 ? stdout.trim() : null),
    () => null,
  )
  if (synchronized === 'no')
    return [
      warning(
        'no time service synchronizes this clock, so calls can count for the wrong day',
        'apt-get install systemd-timesyncd (or chrony); then: timedatectl set-ntp true',
      ),
    ]
  return [ok(synchronized === 'yes' ? 'synchronized by NTP, and the database agrees' : 'the database agrees')]
}
