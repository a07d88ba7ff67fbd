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

/** Shows in the call how loud both sides are, and says so when the agent talks into a muted microphone. */
export function showCallMeters({ panel, call, microphone, audio }: Options): void {
  const [mine, theirs] = ['meter-microphone', 'meter-remote'].map((name) => panel.part(name) as HTMLMeterElement | null)
  const mutedTalk = new TalkingWhileMuted()
  let mineMeter: Tap | null = null
  let theirMeter: Tap | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  const look = () => {
    // The microphone of a muted call delivers silence; a copy of it still hears.
    mineMeter = tap(mineMeter, microphone.live, { copy: true })
    theirMeter = tap(theirMeter, audio.srcObject as MediaStream | null, { copy: false })
    const level = mineMeter?.meter.read() ?? 0
    if (mine) mine.value = level
    if (theirs) theirs.value = theirMeter?.meter.read() ?? 0
    const muted = panel.element.hasAttribute('data-muted')
    panel.element.toggleAttribute('data-talking-muted', mutedTalk.heard(level, muted, performance.now()))
  }

  call.whenTaken(() => {
    clearInterval(timer)
    timer = setInterval(look, everyMs)
  })
  call.whenOver(() => {
    clearInterval(timer)
    mineMeter = tap(mineMeter, null, { copy: true })
    theirMeter = tap(theirMeter, null, { copy: false })
    panel.element.removeAttribute('data-talking-muted')
  })
}

interface Tap {
  stream: MediaStream
  listened: MediaStream
  meter: LevelMeter
}

/** The meter of `stream`: the one there is, or a new one in its place. */
function tap(before: Tap | null, stream: MediaStream | null, { copy }: { copy: boolean }): Tap | null {
  if (before?.stream === stream) return before
  before?.meter.stop()
  if (before && before.listened !== before.stream) for (const track of before.listened.getTracks()) track.stop()
  if (!stream || stream.getAudioTracks().length === 0) return null
  const listened = copy ? stream.clone() : stream
  for (const track of copy ? listened.getAudioTracks() : []) track.enabled = true
  return { stream, listened, meter: new LevelMeter(listened) }
}
