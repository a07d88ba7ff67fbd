import { randomBytes } from 'node:crypto'
import { open, readdir, rename, rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isCallId } from './call-id.ts'
import type { Leg } from '../calls/call.ts'

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
  return withdraw(spoolDir, callFileName(callId))
}

async function withdraw(spoolDir: string, name: string): Promise<boolean> {
  return unlink(join(spoolDir, 'outgoing', name)).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}

/**
 * Ends a call from outside: Asterisk runs [control] hangup, which does SoftHangup on the call's channel. With `mayGoOn` it asks first
 * whether what the call holds can be extended.
 */
export async function writeHangupFile(spoolDir: string, callId: string, leg: Leg, { mayGoOn = false } = {}): Promise<void> {
  const lines = controlLines('hangup', callId, leg)
  await spool(spoolDir, `${callId}.hangup.call`, mayGoOn ? [...lines, 'Setvar: RAMAL_MAY_GO_ON=1'] : lines)
}

/** Passes a call on: Asterisk runs [control] transfer, which takes the lead's channel away from the agent's. */
export async function writeTransferFile(spoolDir: string, callId: string, leadLeg: Leg): Promise<void> {
  await spool(spoolDir, `${callId}.transfer.call`, controlLines('transfer', callId, leadLeg))
}

/** Asks Asterisk whether a call is still up: it runs [control] probe, which settles the call when its channel is gone. */
export async function writeProbeFile(spoolDir: string, worker: number, callId: string, leg: Leg): Promise<void> {
  await spool(spoolDir, probeFileName(worker, callId), controlLines('probe', callId, leg))
}

/** Takes a probe back. True if Asterisk has not read it. */
export async function withdrawProbeFile(spoolDir: string, worker: number, callId: string): Promise<boolean> {
  return withdraw(spoolDir, probeFileName(worker, callId))
}

/** Lets Asterisk call its own echo and listen: what it heard is in its global variable RAMAL_TEST_CALL, after `testId`. */
export async function writeTestCallFile(spoolDir: string, testId: string): Promise<void> {
  await spool(spoolDir, testFileName(testId), [
    'Channel: Local/test@echo-test/n',
    'MaxRetries: 0',
    'RetryTime: 86400',
    'Context: control',
    'Extension: test',
    'Priority: 1',
    `Setvar: RAMAL_TEST=${testId}`,
  ])
}

/** Takes a test call back. True if Asterisk has not read it. */
export async function withdrawTestCallFile(spoolDir: string, testId: string): Promise<boolean> {
  return withdraw(spoolDir, testFileName(testId))
}

function testFileName(testId: string): string {
  if (!isCallId(testId)) throw new Error('not the id of a test call')
  return `${testId}.test.call`
}

/** Each worker has its own, so that none takes back what another has only just written. */
function probeFileName(worker: number, callId: string): string {
  return `${callId}.probe-${worker}.call`
}

function controlLines(extension: 'hangup' | 'probe' | 'transfer', callId: string, { channel, uniqueId }: Leg): string[] {
  if (!isCallId(callId)) throw new Error('not a call id')
  if (!/^PJSIP\/[a-z0-9-]+-[0-9a-f]{8}$/.test(channel)) throw new Error('not a PJSIP channel')
  if (!/^[a-z0-9.-]{1,64}$/i.test(uniqueId)) throw new Error('not the unique id of a channel')
  return [
    `Channel: Local/${extension}@control`,
    'MaxRetries: 0',
    'Application: NoOp',
    `Setvar: RAMAL_CALL=${callId}`,
    `Setvar: RAMAL_CHANNEL=${channel}`,
    `Setvar: RAMAL_UNIQUE_ID=${uniqueId}`,
  ]
}

export function callFileName(callId: string): string {
  if (!isCallId(callId)) throw new Error('not a call id')
  return `${callId}.call`
}

function assertEndpoint(endpoint: string): void {
  if (!/^[a-z0-9-]{1,64}$/.test(endpoint)) throw new Error('not an endpoint')
}

/** Removes what a process that was killed left beside `outgoing/`, written before `before`. */
export async function removeStagedFiles(spoolDir: string, before: Date): Promise<void> {
  const directory = join(spoolDir, 'tmp')
  for (const name of await readdir(directory)) {
    const path = join(directory, name)
    if (!/^[0-9a-f]{32}\.(.+\.)?call\.[0-9a-f]{8}$/.test(name)) continue
    const left = await stat(path).catch(() => null)
    if (left && left.mtime < before) await rm(path, { force: true })
  }
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
