import type { AudioDevices } from './audio-devices.ts'
import { showCallMeters } from './call-meters.ts'
import { watchCallQuality } from './call-quality.ts'
import type { CurrentCall } from './current-call.ts'
import { DeviceFollowing } from './device-following.ts'
import { invite } from './dialling.ts'
import { EchoSection } from './echo-section.ts'
import { FlightRecorder } from './flight-recorder.ts'
import type { Microphone } from './microphone.ts'
import { watchNotificationPermission } from './notification-permission.ts'
import { makeOffers } from './offers.ts'
import type { Panel } from './panel.ts'
import { watchPanelKeys } from './panel-keys.ts'
import { recordHistory } from './phone-history.ts'
import { offerReport } from './phone-report.ts'
import { PhoneSettings } from './phone-settings.ts'
import { ringWhenOffered } from './ring-when-offered.ts'
import { Ringer } from './ringer.ts'
import type { Registration } from './registration.ts'

interface Options {
  panel: Panel
  call: CurrentCall
  microphone: Microphone
  devices: AudioDevices
  audio: HTMLAudioElement
  registration: Registration
}

/** What the phone of this tab needs beside its line: devices that work, sound that is good, and a report when it is not. */
export function careForPhone({ panel, call, microphone, devices, audio, registration }: Options): void {
  const settings: PhoneSettings = new PhoneSettings({ panel, devices, useChosen: () => following.useChosen() })
  const following = new DeviceFollowing({ call, microphone, devices, audio, openSettings: () => settings.open() })
  ringWhenOffered(panel, new Ringer(panel, devices))
  showCallMeters({ panel, call, microphone, audio })

  watchPanelKeys(panel)

  const recorder = new FlightRecorder()
  recordHistory(recorder, { panel, call, microphone, devices })
  watchCallQuality({ panel, call, recorder })
  offerReport(panel, recorder)

  const dial = (number: string, mediaStream: MediaStream) => (registration.registered ? invite(registration, number, mediaStream) : null)
  const echo = new EchoSection({ panel, call, devices, recorder, dial })
  const testSound = () => {
    settings.open()
    void echo.start()
  }
  const notifications = watchNotificationPermission(panel)
  makeOffers(panel, [
    { name: 'echo', fits: () => true, accept: testSound, every: 'day' },
    { name: 'notify', fits: notifications.wanted, accept: notifications.ask, every: 'once' },
  ])
}
