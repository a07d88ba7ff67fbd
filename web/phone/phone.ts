import { AudioDevices } from './audio-devices.ts'
import { keepCallButtonsLocked } from './call-button-locks.ts'
import { watchCallControls } from './call-controls.ts'
import { showCallMeters } from './call-meters.ts'
import { watchCallButtons } from './click-to-call.ts'
import { CurrentCall } from './current-call.ts'
import { DeviceFollowing } from './device-following.ts'
import { watchDialPad } from './dial-pad.ts'
import { ExpectedCalls } from './expected-calls.ts'
import { receiveInvite } from './incoming-calls.ts'
import { watchLeaving } from './leaving.ts'
import { startLine, startLineIfAllowed } from './line.ts'
import { ShownCall } from './live-current.ts'
import type { Live } from './live.ts'
import { Microphone } from './microphone.ts'
import { ownThePhone } from './one-tab.ts'
import { Panel } from './panel.ts'
import { PhoneSettings } from './phone-settings.ts'
import { Registration } from './registration.ts'
import { unlockAudio } from './remote-audio.ts'

/** Brings the panel to life. Returns the place of the call in it, for the site's words. */
export function runPhone(element: HTMLElement, live: Live): ShownCall {
  const panel = new Panel(element)
  const audio = panel.part('remote') as HTMLAudioElement
  const devices = new AudioDevices()
  const microphone = new Microphone(() => devices.idFor('microphone'))
  const expected = new ExpectedCalls(() => performance.now())
  const registration: Registration = new Registration({
    onLine: panel.onLine,
    inCall: () => call.open,
    onInvite: (invite) => void receiveInvite(invite, { call, expected, microphone, iceServers: () => registration.iceServers }),
  })
  const call = new CurrentCall({
    panel,
    microphone,
    audio,
    connected: () => registration.connected,
    liveConnected: () => live.connected,
  })
  live.onCredential = (expiresAt) => registration.credentialIssued(expiresAt)
  call.whenOver(() => expected.withdrawn())

  watchCallButtons({ panel, call, expected, microphone, registration })
  watchCallControls(panel, call, () => {
    unlockAudio(audio)
    void startLine({ panel, microphone, registration })
  })
  watchDialPad({ panel, call, microphone, registration, audio })
  const settings: PhoneSettings = new PhoneSettings({ panel, devices, useChosen: () => following.useChosen() })
  const following = new DeviceFollowing({ call, microphone, devices, audio, openSettings: () => settings.open() })
  showCallMeters({ panel, call, microphone, audio })
  watchLeaving(call, registration)
  keepCallButtonsLocked(panel)
  window.addEventListener('online', () => registration.verify())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.verify()
  })
  void ownThePhone(() => panel.onLine('taken')).then(() => {
    panel.onLine('owned')
    return startLineIfAllowed({ panel, microphone, registration })
  })
  return new ShownCall(document.getElementById('phone-call'), call)
}
