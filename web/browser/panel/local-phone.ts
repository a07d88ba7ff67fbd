import { AudioDevices } from '../audio/audio-devices.ts'
import type { Controls } from '../state/controls.ts'
import { CurrentCall } from '../call/current-call.ts'
import { dial } from '../call/dial.ts'
import { AutoAnswer } from '../call/auto-answer.ts'
import { receiveInvite } from '../call/incoming-calls.ts'
import { watchPageUnload } from '../line/page-unload.ts'
import { startLine, startLineIfAllowed } from '../line/start-line.ts'
import type { Live } from '../live/live.ts'
import { Microphone } from '../audio/microphone.ts'
import { OfferedCall } from '../call/offered-call.ts'
import type { Panel } from '../state/panel.ts'
import { addPhoneFeatures } from './phone-features.ts'
import { placeCall } from '../call/place-call.ts'
import { Registration } from '../line/registration.ts'

/** The phone of this tab: line, call and microphone, and their controls. It is used while this tab owns the phone. */
export interface LocalPhone {
  controls: Controls
  call: CurrentCall
  /** Starts the phone if the microphone is allowed. */
  startIfAllowed(): Promise<void>
}

export function startLocalPhone(panel: Panel, audio: HTMLAudioElement, live: Live): LocalPhone {
  const devices = new AudioDevices()
  const microphone = new Microphone(() => devices.idFor('microphone'))
  const autoAnswer = new AutoAnswer(() => performance.now())
  const registration: Registration = new Registration({
    onLineEvent: panel.applyLineEvent,
    onRetryAt: (retryAt) => panel.change({ retryAt }),
    inCall: () => call.open,
    onInvite: (invite) => void receiveInvite(invite, { call, autoAnswer, offered, microphone, registration }),
  })
  const call = new CurrentCall({
    panel,
    microphone,
    audio,
    connected: () => registration.connected,
    reregister: () => registration.reregister(),
    liveConnected: () => live.connected,
  })
  const offered = new OfferedCall({ panel, call, microphone, registration })
  live.onCredential = (expiresAt) => registration.credentialIssued(expiresAt)
  call.onEnd(() => autoAnswer.cancel())
  addPhoneFeatures({ panel, call, microphone, devices, audio, registration })
  watchPageUnload(() => call.endsWithTab, registration)
  verifyAfterSleep(registration)
  const parts = { panel, call, autoAnswer, microphone, registration }
  return {
    call,
    startIfAllowed: () => startLineIfAllowed(parts),
    controls: {
      start: () => void startLine(parts),
      tryNow: () => registration.tryNow(),
      mute: () => call.toggleMute(),
      hold: () => call.toggleHold(),
      record: () => call.toggleRecording(),
      hangup: () => offered.hangUp(),
      answer: () => void offered.answer(),
      decline: () => offered.decline(),
      consult: () => offered.consult(),
      complete: () => void offered.complete(),
      back: () => call.hangUp(),
      press: (digits) => call.press(digits),
      dial: (number, typed) => void dial(parts, number, typed),
      place: (order) => placeCall(parts, order),
    },
  }
}

/** After sleep, a freeze or a time without network, the line may look ready although it is lost. */
function verifyAfterSleep(registration: Registration): void {
  const verify = () => registration.verify()
  window.addEventListener('online', verify)
  window.addEventListener('offline', () => registration.browserOffline())
  document.addEventListener('resume', verify)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') verify()
  })
}
