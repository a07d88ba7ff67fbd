import t from 'tap'
import { Pulse, type Job } from './loop.ts'

const job = (name: string, everyMs: number): Job => ({ name, everyMs, run: () => Promise.resolve() })
const minute = 60_000

t.test('a job that fails repeatedly is stuck; a slow or rare job is not', (t) => {
  let now = 0
  const pulse = new Pulse(() => now)
  const [leases, imports, months] = [job('leases', 500), job('imports', 1000), job('months', 60 * minute)]
  for (const each of [leases, imports, months]) pulse.begins(each)
  for (const each of [leases, months]) {
    pulse.succeeds(each)
    pulse.ends(each)
  }
  now = 20 * minute
  pulse.begins(leases)
  pulse.succeeds(leases)
  pulse.ends(leases)
  t.equal(pulse.stuck, null, 'the first run of imports still runs')

  now += minute + 1
  pulse.begins(leases)
  t.equal(pulse.stuck, 'leases', 'it runs, and no run has succeeded for a minute')
  pulse.succeeds(leases)
  pulse.ends(leases)
  t.equal(pulse.stuck, null)
  t.ok(pulse.beats)

  now = 31 * minute
  pulse.succeeds(leases)
  t.equal(pulse.stuck, 'imports', 'it hangs')
  t.notOk(pulse.beats)
  t.end()
})
