import type { AudioDevices } from '../audio/audio-devices.ts'
import { showCallMeters } from './call-meters.ts'
import { watchCallQuality } from '../quality/call-quality.ts'
import type { CurrentCall } from '../call/current-call.ts'
import { DeviceSwitching } from '../call/device-switching.ts'
import { invite } from '../call/dial.ts'
import { EchoSection } from '../echo-test/echo-section.ts'
import { FlightRecorder } from '../quality/flight-recorder.ts'
import type { Microphone } from '../audio/microphone.ts'
import { watchNotificationPermission } from '../audio/notification-permission.ts'
import { showSuggestions } from './suggestions.ts'
import type { Panel } from '../state/panel.ts'
import { watchPanelKeys } from './panel-keys.ts'
import { recordDiagnostics } from '../quality/diagnostics.ts'
import { offerReport } from '../quality/report-button.ts'
import { PhoneSettings } from './phone-settings.ts'
import { ringWhenOffered } from '../audio/ring-when-offered.ts'
import { Ringer } from '../audio/ringer.ts'
import type { Registration } from '../line/registration.ts'

interface Options {
  panel: Panel
  call: CurrentCall
  microphone: Microphone
  devices: AudioDevices
  audio: HTMLAudioElement
  registration: Registration
}

/** What the phone of this tab needs beside its line: devices that work, sound that is good, and a report when it is not. */
export function addPhoneFeatures({ panel, call, microphone, devices, audio, registration }: Options): void {
  const settings: PhoneSettings = new PhoneSettings({ panel, devices, useChosen: () => following.useChosen() })
  const following = new DeviceSwitching({ call, microphone, devices, audio, openSettings: () => settings.open() })
  ringWhenOffered(panel, new Ringer(panel, devices))
  showCallMeters({ panel, call, microphone, audio })

  watchPanelKeys(panel)

  const recorder = new FlightRecorder()
  recordDiagnostics(recorder, { panel, call, microphone, devices })
  watchCallQuality({ panel, call, recorder })
  offerReport(panel, recorder)

  const dial = (number: string, mediaStream: MediaStream) => (registration.registered ? invite(registration, number, mediaStream) : null)
  const echo = new EchoSection({ panel, call, devices, recorder, dial })
  const testSound = () => {
    settings.open()
    void echo.start()
  }
  const notifications = watchNotificationPermission(panel)
  showSuggestions(panel, [
    { name: 'echo', fits: () => true, accept: testSound, every: 'day' },
    { name: 'notify', fits: notifications.wanted, accept: notifications.ask, every: 'once' },
  ])
}
