import type { RTCSession } from 'jssip/lib/RTCSession'
import type { CurrentCall } from '../call/current-call.ts'
import type { FlightRecorder } from './flight-recorder.ts'
import type { Panel } from '../state/panel.ts'
import { postForm } from '../dom/post.ts'
import { countersOf, qualityBetween, type Counters } from './mos.ts'
import { QualitySummary } from './quality-summary.ts'
import { QualityTrouble } from './quality-advice.ts'

const everyMs = 2000
const storeEveryMs = 30_000

/** Listens to how each call sounds: tells the agent what to do when it sounds bad, and keeps it with the call. */
export function watchCallQuality({ panel, call, recorder }: { panel: Panel; call: CurrentCall; recorder: FlightRecorder }): void {
  let stop: () => void = () => undefined
  call.whenTaken((session) => {
    stop()
    stop = watch(session, { panel, call, recorder })
  })
  call.whenOver(() => stop())
}

function watch(session: RTCSession, { panel, call, recorder }: { panel: Panel; call: CurrentCall; recorder: FlightRecorder }): () => void {
  const trouble = new QualityTrouble()
  const summary = new QualitySummary()
  let before: Counters | null = null
  let callId = call.callId
  let stopped = false

  const look = async () => {
    const connection = session.connection as RTCPeerConnection | null
    if (!connection || !session.isEstablished()) return
    callId = call.callId ?? callId
    const now = countersOf((await connection.getStats()).values() as Iterable<RTCStats>, performance.now())
    const quality = before && qualityBetween(before, now)
    before = now
    if (!quality || stopped) return
    summary.add(quality)
    recorder.note('quality', { ...quality })
    tell(panel, trouble.after(quality))
  }
  const store = () => {
    const form = summary.form()
    // The page may be going away: the request outlives it.
    if (form && callId !== null) void postForm(`/calls/${callId}/quality`, form, { keepalive: true })
  }
  const looking = setInterval(() => void look(), everyMs)
  const storing = setInterval(store, storeEveryMs)
  return () => {
    if (stopped) return
    stopped = true
    clearInterval(looking)
    clearInterval(storing)
    store()
    tell(panel, null)
  }
}

function tell(panel: Panel, cause: string | null): void {
  if ((panel.element.dataset['quality'] ?? null) === cause) return
  if (cause === null) delete panel.element.dataset['quality']
  else panel.element.dataset['quality'] = cause
}
