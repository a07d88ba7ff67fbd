import t from 'tap'
import { heldClock } from '../domain/testing/clock.ts'
import { agiUnderTest, gate } from './testing/agi-under-test.ts'
import { atRequestTime, Moments } from './moments.ts'
import { tenantQueue } from './tenant-queue.ts'

/** A machine whose clocks a test moves: time passes on both, and the wall clock can be set. */
function machine() {
  let steadyMs = 1_000_000
  let setByMs = 0
  const base = Date.parse('2026-03-02T12:00:00Z')
  const clock = heldClock(
    () => new Date(base + steadyMs + setByMs),
    () => steadyMs,
  )
  return {
    clock,
    stamp: () => clock.now().getTime(),
    passes: (ms: number) => (steadyMs += ms),
    setsClock: (ms: number) => (setByMs += ms),
  }
}

/** How late a question was, by the clock that its script is given. */
function lateMs({ clock }: ReturnType<typeof machine>, moments: Moments, stamp: number | null): number {
  const before = clock.uptime().ms
  return before - moments.clockAt(stamp).uptime().ms
}

t.test('a request read late counts from its stamp, on both clocks', async (t) => {
  const on = machine()
  const moments = new Moments(on.clock)
  const stamp = on.stamp()
  const uptime = on.clock.uptime()
  for (const ms of [0, 40, 4000, 3_600_000]) {
    on.passes(ms)
    moments.look()
    const clock = moments.clockAt(stamp)
    t.same([clock.now().getTime(), clock.uptime()], [stamp, uptime], `${ms} ms later`)
  }
  t.equal(lateMs(on, moments, null), 0, 'without a stamp it is about now')
})

t.test('a step of the wall clock in either direction does not change the time of a question', async (t) => {
  for (const step of [3_600_000, -3_600_000, 5000, -5000]) {
    const on = machine()
    const moments = new Moments(on.clock)
    on.passes(10_000)
    moments.look()
    on.passes(300)
    const before = on.stamp()
    on.passes(200)
    on.setsClock(step)
    t.equal(lateMs(on, moments, before), 200, `set by ${step} ms between the stamp and the question`)
    on.passes(700)
    moments.look()
    const after = on.stamp()
    on.passes(2000)
    t.equal(lateMs(on, moments, after), 2000, `${step}: a stamp by the new time`)
    t.equal(lateMs(on, moments, before), 2900, `${step}: a stamp by the old time, read even later`)
  }
})

t.test('a stamp that no clock of this machine showed counts as now', async (t) => {
  const on = machine()
  const moments = new Moments(on.clock)
  on.passes(5000)
  t.equal(lateMs(on, moments, on.stamp() + 60_000), 0, 'from the future')
  on.setsClock(-3_600_000)
  moments.look()
  on.setsClock(7_200_000)
  moments.look()
  on.passes(1000)
  t.equal(lateMs(on, moments, on.stamp() - 1_800_000), 0, 'between two steps')
})

t.test('a process that was stopped or restarted reads the same time from a stamp', async (t) => {
  const on = machine()
  const moments = new Moments(on.clock)
  const stamp = on.stamp()
  on.passes(57_000)
  t.equal(lateMs(on, moments, stamp), 57_000, 'it read no clock in between')
  t.equal(lateMs(on, new Moments(on.clock), stamp), 57_000, 'a new process on the socket of the old one')
})

t.test('a report that waited in the queue counts from the end of the call', async (t) => {
  const on = machine()
  const moments = new Moments(on.clock)
  const began = gate()
  const turn = gate()
  const seen: number[] = []
  const inTurn = tenantQueue(1)
  const { asterisk } = await agiUnderTest(t, {
    hangup: (agi, context) =>
      atRequestTime<{ clock: typeof on.clock }>(
        moments,
        inTurn(async (_, { clock }) => {
          seen.push(clock.uptime().ms)
          began.open()
          await turn.opens
        }),
      )(agi, { ...context, clock: on.clock }),
  })
  const cameMs = on.clock.uptime().ms
  const first = asterisk.runs('hangup', [], { askedAtMs: on.stamp() })
  await began.opens
  const second = asterisk.runs('hangup', [], { askedAtMs: on.stamp() })
  on.passes(4000)
  turn.open()
  await Promise.all([first, second])
  t.same(seen, [cameMs, cameMs])
})
