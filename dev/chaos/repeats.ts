import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../../domain/database/pool.ts'
import { fakeAsterisk } from '../../fastagi/testing/fake-asterisk.ts'

/** Repeats the end reports of random ended calls. Returns how many. */
export async function repeatReports(db: Database, agiPort: number, random: () => number, stop: AbortSignal): Promise<number> {
  const asterisk = fakeAsterisk(agiPort)
  let repeats = 0
  while (!stop.aborted) {
    const ended = await db
      .selectFrom('calls')
      .select(['id', 'channel', 'unique_id', 'origin'])
      .where('ended_at', 'is not', null)
      .where('answered_at', 'is not', null)
      .orderBy('ended_at', 'desc')
      .limit(8)
      .execute()
      .catch(() => [])
    const call = ended[Math.floor(random() * ended.length)]
    if (call?.channel && call.unique_id) {
      const from = { channel: call.channel, uniqueId: call.unique_id, dead: true }
      const [script, args] =
        call.origin === 'incoming' ? ['incoming-ended', ['ANSWER', '', '16']] : ['hangup', ['ANSWER', '200', '16', '1', '16']]
      // A report to a server that is down or hangs does not count.
      if (
        await asterisk.runs(script, [call.id, ...args], from).then(
          ({ status }) => status === 'SUCCESS',
          () => false,
        )
      )
        repeats++
    }
    await pause(400, undefined, { signal: stop }).catch(() => undefined)
  }
  return repeats
}
