import type { AudioDevices } from '../audio/audio-devices.ts'
import { watchCallMeters } from './call-meters.ts'
import { watchCallQuality } from '../quality/call-quality.ts'
import type { CurrentCall } from '../call/current-call.ts'
import { DeviceSwitching } from '../call/device-switching.ts'
import { invite } from '../call/dial.ts'
import { EchoSection } from '../echo-test/echo-section.ts'
import { FlightRecorder } from '../quality/flight-recorder.ts'
import type { Microphone } from '../audio/microphone.ts'
import { watchNotificationPermission } from '../audio/notification-permission.ts'
import { watchSuggestions } from './suggestions.ts'
import type { Panel } from '../state/panel.ts'
import { watchPanelKeys } from './panel-keys.ts'
import { recordDiagnostics } from '../quality/diagnostics.ts'
import { watchReportButton } from '../quality/report-button.ts'
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

/** Adds to the phone of this tab: devices, ringing, sound quality, the echo test, and reports of problems. */
export function addPhoneFeatures({ panel, call, microphone, devices, audio, registration }: Options): void {
  const settings: PhoneSettings = new PhoneSettings({ panel, devices, useChosen: () => switching.useChosen() })
  const switching = new DeviceSwitching({ call, microphone, devices, audio, openSettings: () => settings.open() })
  ringWhenOffered(panel, new Ringer(panel, devices))
  watchCallMeters({ panel, call, microphone, audio })

  watchPanelKeys(panel)

  const recorder = new FlightRecorder()
  recordDiagnostics(recorder, { panel, call, microphone, devices })
  watchCallQuality({ panel, call, recorder })
  watchReportButton(panel, recorder)

  const dial = (number: string, mediaStream: MediaStream) => (registration.registered ? invite(registration, number, mediaStream) : null)
  const echo = new EchoSection({ panel, call, devices, recorder, dial })
  const testSound = () => {
    settings.open()
    void echo.start()
  }
  const notifications = watchNotificationPermission(panel)
  watchSuggestions(panel, [
    { name: 'echo', applies: () => true, accept: testSound, every: 'day' },
    { name: 'notify', applies: notifications.canAsk, accept: notifications.ask, every: 'once' },
  ])
}
