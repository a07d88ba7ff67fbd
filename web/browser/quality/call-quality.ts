import type { RTCSession } from 'jssip/lib/RTCSession'
import type { CurrentCall } from '../call/current-call.ts'
import type { FlightRecorder } from './flight-recorder.ts'
import type { Panel } from '../state/panel.ts'
import { postForm } from '../dom/post.ts'
import { countersOf, qualityBetween, type Counters } from './mos.ts'
import { QualitySummary } from './quality-summary.ts'
import { QualityAdvice } from './quality-advice.ts'

const everyMs = 2000
const storeEveryMs = 30_000

/** Measures the sound quality of each call, shows advice when it is bad, and sends the summary to the site. */
export function watchCallQuality({ panel, call, recorder }: { panel: Panel; call: CurrentCall; recorder: FlightRecorder }): void {
  let stop: () => void = () => undefined
  call.onSession((session) => {
    stop()
    stop = watchSession(session, { panel, call, recorder })
  })
  call.onEnd(() => stop())
}

function watchSession(
  session: RTCSession,
  { panel, call, recorder }: { panel: Panel; call: CurrentCall; recorder: FlightRecorder },
): () => void {
  const advice = new QualityAdvice()
  const summary = new QualitySummary()
  let before: Counters | null = null
  let callId = call.callId
  let stopped = false

  const measure = async () => {
    const connection = session.connection as RTCPeerConnection | null
    if (!connection || !session.isEstablished()) return
    callId = call.callId ?? callId
    const now = countersOf((await connection.getStats()).values() as Iterable<RTCStats>, performance.now())
    const quality = before && qualityBetween(before, now)
    before = now
    if (!quality || stopped) return
    summary.add(quality)
    recorder.note('quality', { ...quality })
    showAdvice(panel, advice.after(quality))
  }
  const store = () => {
    const form = summary.form()
    // `keepalive`: the request continues if the page unloads.
    if (form && callId !== null) void postForm(`/calls/${callId}/quality`, form, { keepalive: true })
  }
  const measureTimer = setInterval(() => void measure(), everyMs)
  const storeTimer = setInterval(store, storeEveryMs)
  return () => {
    if (stopped) return
    stopped = true
    clearInterval(measureTimer)
    clearInterval(storeTimer)
    store()
    showAdvice(panel, null)
  }
}

function showAdvice(panel: Panel, cause: string | null): void {
  if ((panel.element.dataset['quality'] ?? null) === cause) return
  if (cause === null) delete panel.element.dataset['quality']
  else panel.element.dataset['quality'] = cause
}
