import t from 'tap'
import { longestPingGapMs, PathMonitor } from './path-monitor.ts'

const chromium = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'

/** Reads a held call twice a second, which receives no sound, and returns when the path was lost first. */
function lostAt(monitor: PathMonitor, pingsAt: readonly number[], untilMs: number): number | null {
  for (let at = 0; at <= untilMs; at += 500) {
    const pings = pingsAt.filter((pingAt) => pingAt <= at).length
    if (monitor.read({ at, ice: 'connected', receivedBytes: 9000, sentBytes: at, pings }) === 'lost') return at
  }
  return null
}

t.test('a held call is not lost between two pings of Firefox, which pings every four to six seconds', async (t) => {
  const pingsAt = [2000, 8000, 12_000, 18_000, 23_500]
  t.equal(lostAt(new PathMonitor(longestPingGapMs(firefox)), pingsAt, 28_000), null)
  t.equal(lostAt(new PathMonitor(longestPingGapMs(firefox)), pingsAt.slice(0, 2), 28_000), 15_000, 'but it is when they stop')
})

t.test('Chromium pings more often, so an outage of a held call shows sooner', async (t) => {
  const pingsAt = [2500, 5000, 7500, 10_000]
  t.equal(lostAt(new PathMonitor(longestPingGapMs(chromium)), pingsAt, 12_000), null)
  t.equal(lostAt(new PathMonitor(longestPingGapMs(chromium)), pingsAt, 28_000), 13_000)
})

t.test('the first answer after an ICE restart, which starts the counter again, shows that the path works', async (t) => {
  const monitor = new PathMonitor(longestPingGapMs(firefox))
  const read = (at: number, pings: number) => monitor.read({ at, ice: 'connected', receivedBytes: 9000, sentBytes: at, pings })
  read(0, 4)
  t.equal(read(7000, 4), 'lost')
  t.equal(read(7500, 0), 'lost', 'the restart itself is not an answer')
  t.equal(read(8000, 1), 'steady')
  t.equal(read(13_000, 1), 'steady', 'until the next ping of Firefox')
})

t.test('soon after the line was lost, one second without sound and pings is enough', async (t) => {
  const monitor = new PathMonitor(longestPingGapMs(firefox))
  monitor.suspect(0)
  t.equal(lostAt(monitor, [], 28_000), 1000)
})
