import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stack } from '../stack/stack.ts'

/** The tick interval of a run, short enough that a talk of seconds has some ticks. */
export const tickSeconds = 5

/** Asterisk loses both settings when it restarts. */
export async function tuneAsterisk({ asterisk }: Stack): Promise<void> {
  await asterisk.cli(`dialplan set global RAMAL_TICK_SECONDS ${tickSeconds}`)
  await asterisk.cli('logger add channel chaos.log verbose(3)')
}

/** A prompt that Asterisk started to play on a channel. */
export interface Prompt {
  at: Date
  channel: string
  name: string
}

/** A question without a timely answer, from Asterisk's log or from the AGI server's log. */
export interface Silence {
  at: Date
  channel: string
  callId: string | null
}

export function readPrompts({ asterisk }: Stack): Prompt[] {
  const line = /^\[([\d-]+ [\d:.]+)\].*<(PJSIP\/[^>]+)> Playing 'ramal\/([a-z-]+)/gm
  return [...read(join(asterisk.directory, 'log/chaos.log')).matchAll(line)].map(([, at = '', channel = '', name = '']) => ({
    at: new Date(`${at.replace(' ', 'T')}Z`),
    channel,
    name,
  }))
}

/** The channels of incoming calls, by the digits of the caller's number. A refused call has no row with its channel. */
export function readIncomingChannels({ asterisk }: Stack): Map<string, string> {
  const line = /"(PJSIP\/[^"]+)", "RAMAL_CALLER=(?:%2B)?(\d+)"/g
  return new Map(
    [...read(join(asterisk.directory, 'log/chaos.log')).matchAll(line)].map(([, channel = '', caller = '']) => [caller, channel]),
  )
}

export function readSilences({ asterisk, fastagi }: Stack): Silence[] {
  const line = /^\[([\d-]+ [\d:.]+)\].*?(PJSIP\/[a-z0-9-]+|Local\/\S+): no answer to /gm
  const unanswered = [...read(join(asterisk.directory, 'log/messages.log')).matchAll(line)].map(([, at = '', channel = '']) => ({
    at: new Date(`${at.replace(' ', 'T')}Z`),
    channel,
    callId: null,
  }))
  const late = read(fastagi.logFile)
    .split('\n')
    .filter((text) => text.includes('script late, answered unavailable'))
    .map((text) => JSON.parse(text) as { time: number; channel: string; callId?: string })
    .map(({ time, channel, callId }) => ({ at: new Date(time), channel, callId: callId ?? null }))
  return [...unanswered, ...late]
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
