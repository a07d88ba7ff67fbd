import { keepCallButtonsLocked } from './call-button-locks.ts'
import { keepCallCard } from './call-card.ts'
import { watchCallControls } from './call-controls.ts'
import { watchCallButtons } from '../call/click-to-call.ts'
import type { Controls } from '../state/controls.ts'
import { runCountdowns } from './countdowns.ts'
import { watchDialPad } from './dial-pad.ts'
import { ShownCall } from '../live/current-call-updates.ts'
import type { Live } from '../live/live.ts'
import { holdTabLock } from '../tabs/tab-lock.ts'
import { startLocalPhone } from './local-phone.ts'
import { Panel } from '../state/panel.ts'
import { blankView } from '../state/phone-view.ts'
import { unlockAudio } from '../media/remote-audio.ts'
import { RemotePhone } from '../tabs/remote-phone.ts'
import { sharePhone } from '../tabs/shared-phone.ts'
import { TabChannel } from '../tabs/tab-channel.ts'
import { watchTransferForm } from './transfer-form.ts'

/** Brings the panel to life. Returns the place of the call in it, for the site's words. */
export function runPhone(element: HTMLElement, live: Live): ShownCall {
  const phoneOf = element.dataset['phoneOf'] ?? ''
  const panel = new Panel(element)
  const audio = panel.part('remote') as HTMLAudioElement
  const own = startLocalPhone(panel, audio, live)
  const channel = new TabChannel(phoneOf)
  const remote = new RemotePhone(channel, panel)
  let controls: Controls = own.controls

  live.hasPhone = () => controls === own.controls
  const shown = new ShownCall(document.getElementById('phone-call'), panel, own.call)
  keepCallCard(panel)
  keepCallButtonsLocked(panel)
  runCountdowns(panel)
  watchCallButtons(panel, () => controls)
  watchCallControls(panel, () => controls)
  watchDialPad(panel, () => controls)
  watchTransferForm(panel, () => controls)
  document.addEventListener('click', () => unlockAudio(audio))

  void holdTabLock(phoneOf, () => {
    controls = remote
    element.toggleAttribute('data-remote', true)
    panel.onLine('taken')
    remote.watch()
  }).then(() => {
    controls = own.controls
    element.toggleAttribute('data-remote', false)
    remote.unwatch()
    panel.change(blankView)
    sharePhone(channel, panel, controls)
    return own.wakeUp()
  })
  return shown
}
