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
  const [mine, theirs] = ['meter-microphone', 'meter-remote'].map((name) => panel.part(name) as HTMLMeterElement | null)
  const talkingWhileMuted = new TalkingWhileMuted()
  let mineMeter: Tap | null = null
  let theirMeter: Tap | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  const update = () => {
    // The track of a muted call delivers silence; a clone of it still delivers sound.
    mineMeter = tap(mineMeter, microphone.live, { copy: true })
    theirMeter = tap(theirMeter, audio.srcObject as MediaStream | null, { copy: false })
    const level = mineMeter?.meter.read() ?? 0
    if (mine) mine.value = level
    if (theirs) theirs.value = theirMeter?.meter.read() ?? 0
    const muted = panel.element.hasAttribute('data-muted')
    panel.element.toggleAttribute('data-talking-muted', talkingWhileMuted.update(level, muted, performance.now()))
  }

  call.onSession(() => {
    clearInterval(timer)
    timer = setInterval(update, everyMs)
  })
  call.onEnd(() => {
    clearInterval(timer)
    mineMeter = tap(mineMeter, null, { copy: true })
    theirMeter = tap(theirMeter, null, { copy: false })
    panel.element.removeAttribute('data-talking-muted')
  })
}

interface Tap {
  stream: MediaStream
  metered: MediaStream
  meter: LevelMeter
}

/** Returns the meter of `stream`: the existing one, or a new one that replaces it. */
function tap(before: Tap | null, stream: MediaStream | null, { copy }: { copy: boolean }): Tap | null {
  if (before?.stream === stream) return before
  before?.meter.stop()
  if (before && before.metered !== before.stream) for (const track of before.metered.getTracks()) track.stop()
  if (!stream || stream.getAudioTracks().length === 0) return null
  const metered = copy ? stream.clone() : stream
  for (const track of copy ? metered.getAudioTracks() : []) track.enabled = true
  return { stream, metered, meter: new LevelMeter(metered) }
}
