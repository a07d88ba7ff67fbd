import type { AudioDevices } from '../audio/audio-devices.ts'
import type { CurrentCall } from '../call/current-call.ts'
import type { FlightRecorder } from './flight-recorder.ts'
import type { Microphone } from '../audio/microphone.ts'
import type { Panel } from '../state/panel.ts'
import { withConnection } from '../media/session-connection.ts'

interface Options {
  panel: Panel
  call: CurrentCall
  microphone: Microphone
  devices: AudioDevices
}

/** Records events of the phone, so that a report shows what happened before a problem. */
export function recordDiagnostics(recorder: FlightRecorder, { panel, call, microphone, devices }: Options): void {
  let last = ''
  panel.watch(() => {
    const { line, call: state, muted, held, callId } = panel.element.dataset
    const facts = { line: line ?? '', call: state ?? '', muted: muted !== undefined, held: held !== undefined, callId: callId ?? null }
    if (JSON.stringify(facts) === last) return
    last = JSON.stringify(facts)
    recorder.note('phone', facts)
  })
  call.onSession((session) => {
    withConnection(session, (connection) => recordIceState(recorder, connection))
    session.on('failed', ({ cause }) => recorder.note('sip', { failed: cause }))
    session.on('ended', ({ cause, originator }) => recorder.note('sip', { ended: cause, by: originator as string }))
  })
  microphone.watch((stream) =>
    recorder.note('microphone', { label: stream?.getAudioTracks()[0]?.label ?? null, live: microphone.live !== null }),
  )
  navigator.mediaDevices?.addEventListener('devicechange', () => {
    void devices.refresh().then(() => {
      const names = (use: 'microphone' | 'speaker') =>
        devices
          .list(use)
          .map(({ label }) => label)
          .join(', ')
      recorder.note('devices', { microphones: names('microphone'), speakers: names('speaker') })
    })
  })
  for (const name of ['online', 'offline'] as const) window.addEventListener(name, () => recorder.note('network', { state: name }))
  document.addEventListener('visibilitychange', () => recorder.note('page', { visibility: document.visibilityState }))
  window.addEventListener('error', ({ message }) => recorder.note('error', { message: message.slice(0, 200) }))
}

function recordIceState(recorder: FlightRecorder, connection: RTCPeerConnection): void {
  connection.addEventListener('iceconnectionstatechange', () => recorder.note('path', { ice: connection.iceConnectionState }))
}
