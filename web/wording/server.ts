import type { DiskSpace } from '../../domain/operations/disk-space.ts'
import type { Wording } from './wording.ts'

const recentMs = 24 * 60 * 60 * 1000

/** The colour of the note that Asterisk hung and was restarted. */
export function hangTone(lastHang: Date, now: Date): 'trouble' | 'ringing' {
  return now.getTime() - lastHang.getTime() < recentMs ? 'trouble' : 'ringing'
}

/** When the last good backup was made, or why there is none. */
export function backupText({ at, why }: { at: Date | null; why: string | null }, words: Wording): string {
  if (why !== null) return words.t('server.backup.fails', { why })
  return at === null ? words.t('server.backup.none') : words.moment(at).text
}

/** The colour of a disk by its grade. */
export const diskTones = { ok: 'good', warning: 'ringing', fault: 'trouble' } as const

/** `space`: null when the directory does not exist. */
export function diskText(space: DiskSpace | null, words: Wording): string {
  const gib = (bytes: number) => `${words.count(Math.floor(bytes / 2 ** 30))} GiB`
  return space === null ? words.t('server.disk.none') : words.t('server.disk.free', { free: gib(space.freeBytes), size: gib(space.bytes) })
}

/** A process that answers is `good`; `why`: why another one does not. */
export function processText([name, why]: readonly [name: string, why: string | null], { t }: Wording) {
  return why === null
    ? { name, tone: 'good', text: t('server.process.works') }
    : { name, tone: 'trouble', text: t('server.process.fails', { why }) }
}
