import { randomBytes } from 'node:crypto'
import { open, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isCallId } from './call-id.ts'

/** How long the agent's phone may ring. A browser that is there answers within a second. */
export const agentRingSeconds = 25

/**
 * Asks Asterisk to ring the agent's phone and then run [click-to-call]. The file carries the call id and the
 * endpoint's name, both made by us: nothing that a person typed can reach it. It starts the dialplan of
 * [ring-agent] rather than naming the phone as its channel, because Asterisk would follow a redirect of that phone.
 *
 * RetryTime is huge because the spool reads a file again while its call is up (pbx_spool.c), and would then
 * dial it a second time; that authorize accepts an id once is the real defence.
 */
export async function writeCallFile(spoolDir: string, callId: string, endpoint: string): Promise<void> {
  assertEndpoint(endpoint)
  await spool(spoolDir, callFileName(callId), [
    'Channel: Local/wait@ring-agent/n',
    'MaxRetries: 0',
    'RetryTime: 86400',
    'Context: ring-agent',
    'Extension: start',
    'Priority: 1',
    `Setvar: RAMAL_CALL=${callId}`,
    `Setvar: RAMAL_PHONE=${endpoint}`,
    `Setvar: RAMAL_RING_AGENT=${agentRingSeconds}`,
  ])
}

/** Takes a call file back before Asterisk has read it. True if it was still there. */
export async function withdrawCallFile(spoolDir: string, callId: string): Promise<boolean> {
  return unlink(join(spoolDir, 'outgoing', callFileName(callId))).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}

/** Ends a call from outside: Asterisk runs [control] hangup, which does SoftHangup on `channel`. */
export async function writeHangupFile(spoolDir: string, callId: string, channel: string): Promise<void> {
  const match = /^PJSIP\/([a-z0-9-]+)-[0-9a-f]{8}$/.exec(channel)
  if (!match) throw new Error('not the channel of a phone')
  await spool(spoolDir, `${callId}.hangup.call`, [
    'Channel: Local/hangup@control',
    'MaxRetries: 0',
    'Application: NoOp',
    `Setvar: RAMAL_CHANNEL=${channel}`,
  ])
}

export function callFileName(callId: string): string {
  if (!isCallId(callId)) throw new Error('not a call id')
  return `${callId}.call`
}

function assertEndpoint(endpoint: string): void {
  if (!/^[a-z0-9-]{1,64}$/.test(endpoint)) throw new Error('not an endpoint')
}

/** Written beside `outgoing/`, on the same file system, and renamed into it: Asterisk takes a file the moment it appears. */
async function spool(spoolDir: string, name: string, lines: string[]): Promise<void> {
  const staged = join(spoolDir, 'tmp', `${name}.${randomBytes(4).toString('hex')}`)
  const file = await open(staged, 'w', 0o660)
  try {
    await file.writeFile(lines.join('\n') + '\n')
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(staged, join(spoolDir, 'outgoing', name))
}
