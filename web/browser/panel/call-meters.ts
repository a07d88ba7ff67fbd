import type { CurrentCall } from '../call/current-call.ts'
import { LevelMeter } from '../audio/level-meter.ts'
import type { Microphone } from '../audio/microphone.ts'
import { TalkingWhileMuted } from '../audio/talking-while-muted.ts'
import type { Panel } from '../state/panel.ts'

const everyMs = 100

interface Options {
  panel: Panel
  call: CurrentCall
  microphone: Microphone
  audio: HTMLAudioElement
}

/** Shows the loudness of both sides during a call, and warns the agent who talks while muted. */
export function watchCallMeters({ panel, call, microphone, audio }: Options): void {
  const [localElement, remoteElement] = ['meter-microphone', 'meter-remote'].map((name) => panel.part(name) as HTMLMeterElement | null)
  const talkingWhileMuted = new TalkingWhileMuted()
  let localMeter: MeteredStream | null = null
  let remoteMeter: MeteredStream | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  const update = () => {
    // The track of a muted call delivers silence; a clone of it still delivers sound.
    localMeter = meterOf(localMeter, microphone.live, { copy: true })
    remoteMeter = meterOf(remoteMeter, audio.srcObject as MediaStream | null, { copy: false })
    const level = localMeter?.meter.read() ?? 0
    if (localElement) localElement.value = level
    if (remoteElement) remoteElement.value = remoteMeter?.meter.read() ?? 0
    const muted = panel.element.hasAttribute('data-muted')
    panel.element.toggleAttribute('data-talking-muted', talkingWhileMuted.update(level, muted, performance.now()))
  }

  call.onSession(() => {
    clearInterval(timer)
    timer = setInterval(update, everyMs)
  })
  call.onEnd(() => {
    clearInterval(timer)
    localMeter = meterOf(localMeter, null, { copy: true })
    remoteMeter = meterOf(remoteMeter, null, { copy: false })
    panel.element.removeAttribute('data-talking-muted')
  })
}

interface MeteredStream {
  stream: MediaStream
  metered: MediaStream
  meter: LevelMeter
}

/** Returns the meter of `stream`: the existing one, or a new one that replaces it. */
function meterOf(before: MeteredStream | null, stream: MediaStream | null, { copy }: { copy: boolean }): MeteredStream | null {
  if (before?.stream === stream) return before
  before?.meter.stop()
  if (before && before.metered !== before.stream) for (const track of before.metered.getTracks()) track.stop()
  if (!stream || stream.getAudioTracks().length === 0) return null
  const metered = copy ? stream.clone() : stream
  for (const track of copy ? metered.getAudioTracks() : []) track.enabled = true
  return { stream, metered, meter: new LevelMeter(metered) }
}
