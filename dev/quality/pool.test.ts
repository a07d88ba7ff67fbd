import t from 'tap'
import { coresToUse } from './machine.ts'
import { nextTask, runPool, type Task } from './pool.ts'
import { tapCounts } from './tap-output.ts'

const task = (cores: number, seconds: number): Task => ({ cores, seconds, run: async () => {} })

t.test('on two cores, one task that computes runs beside two that wait', async (t) => {
  const [computing, second] = [task(1, 9), task(1, 8)]
  const flows = [task(0.6, 60), task(0.6, 50), task(0.6, 40)] as const
  t.equal(nextTask([...flows, computing, second], [], 2), computing)
  t.equal(nextTask([...flows, second], [computing], 2), flows[0])
  t.equal(nextTask([...flows.slice(1), second], [computing, flows[0]], 2), flows[1])
  t.equal(nextTask([flows[2], second], [computing, flows[0], flows[1]], 2), undefined)
})

t.test('when nothing computes any more, three tasks that wait run on two cores', async (t) => {
  const running: Task[] = []
  const waiting = [task(0.6, 4), task(0.6, 3), task(0.6, 2), task(0.6, 1)]
  for (let next = nextTask(waiting, running, 2); next; next = nextTask(waiting, running, 2))
    running.push(...waiting.splice(waiting.indexOf(next), 1))
  t.equal(running.length, 3)
})

t.test('every task runs once, and an exclusive task runs alone, after the others', async (t) => {
  const order: string[] = []
  let running = 0
  const noted = (name: string, cores: number): Task => ({
    cores,
    seconds: cores === Infinity ? 100 : 1,
    async run() {
      running += 1
      if (cores === Infinity) t.equal(running, 1, `${name} runs alone`)
      order.push(name)
      await new Promise(setImmediate)
      running -= 1
    },
  })
  await runPool([noted('alone', Infinity), noted('alone too', Infinity), noted('a', 1), noted('b', 0.6), noted('c', 1)], 2)
  t.same(order.slice(0, 3).sort(), ['a', 'b', 'c'])
  t.same(order.slice(3), ['alone', 'alone too'])
})

t.test('on a busy machine fewer tasks run at once', async (t) => {
  t.same(
    [0, 0.3, 1, 2].map((busy) => coresToUse(2, busy)),
    [2, 2, 1.75, 1.5],
  )
  t.equal(coresToUse(16, 0), 4)
  const two = [task(0.6, 9), task(0.6, 9)]
  t.equal(nextTask([task(0.6, 9)], two, coresToUse(2, 2)), undefined, 'two flows at a time')
  t.equal(nextTask([task(0.6, 9)], [task(1.2, 9)], coresToUse(2, 2)), undefined, 'one with many calls')
})

t.test('the counts are those that tap writes at the end', async (t) => {
  t.same(tapCounts('ok 1 - a\n\n1..1\n# { total: 502, pass: 502 }\n# time=1ms\n'), { passed: 502, failed: 0 })
  t.same(tapCounts('# { total: 9, pass: 7, fail: 2 }\n'), { passed: 7, failed: 2 })
  t.equal(tapCounts('not ok 1 - crashed\n'), null)
})
