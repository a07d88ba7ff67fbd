import t from 'tap'
import { LastEnd } from './last-end.ts'

/** Whether the next call would start at once. */
async function isKnownAtOnce(end: LastEnd): Promise<boolean> {
  const later = new Promise<false>((resolve) => setImmediate(() => resolve(false)))
  return Promise.race([end.isKnown(50).then(() => true as const), later])
}

t.test('the first call of a tab starts at once', async (t) => {
  t.ok(await isKnownAtOnce(new LastEnd()))
})

t.test('after a hang-up, the next call waits for the site’s report of that call', async (t) => {
  const end = new LastEnd()
  end.ended('a')
  t.notOk(await isKnownAtOnce(end))
  end.reported('b')
  t.notOk(await isKnownAtOnce(end), 'another call’s end does not count')
  end.reported('a')
  t.ok(await isKnownAtOnce(end))
})

t.test('if the site reported the end first, the next call starts at once', async (t) => {
  const end = new LastEnd()
  end.reported('a')
  end.ended('a')
  t.ok(await isKnownAtOnce(end))
})

t.test('without a report, the next call starts after the longest wait', async (t) => {
  const end = new LastEnd()
  end.ended('a')
  await end.isKnown(5)
  t.notOk(await isKnownAtOnce(end), 'the end is still unknown')
})
