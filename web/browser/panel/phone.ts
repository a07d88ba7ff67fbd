import { watchCallButtonLocks } from './call-button-locks.ts'
import { watchCallCard } from './call-card.ts'
import { watchCallControls } from './call-controls.ts'
import { watchCallButtons } from '../call/click-to-call.ts'
import type { Controls } from '../state/controls.ts'
import { watchCountdowns } from './countdowns.ts'
import { watchDialPad } from './dial-pad.ts'
import { CurrentCallUpdates } from '../live/current-call-updates.ts'
import type { Live } from '../live/live.ts'
import { acquireTabLock } from '../tabs/tab-lock.ts'
import { startLocalPhone } from './local-phone.ts'
import { Panel } from '../state/panel.ts'
import { blankView } from '../state/phone-view.ts'
import { unlockAudio } from '../media/remote-audio.ts'
import { RemotePhone } from '../tabs/remote-phone.ts'
import { sharePhone } from '../tabs/shared-phone.ts'
import { TabChannel } from '../tabs/tab-channel.ts'
import { watchTransferForm } from './transfer-form.ts'

/** Starts the phone of this page, its own or as a view of another tab's. Returns the receiver of the site's call events. */
export function startPhone(element: HTMLElement, live: Live): CurrentCallUpdates {
  const agentId = element.dataset['phoneOf'] ?? ''
  const panel = new Panel(element)
  const audio = panel.part('remote') as HTMLAudioElement
  const local = startLocalPhone(panel, audio, live)
  const channel = new TabChannel(agentId)
  const remote = new RemotePhone(channel, panel)
  let controls: Controls = local.controls

  live.hasPhone = () => controls === local.controls
  const updates = new CurrentCallUpdates(document.getElementById('phone-call'), panel, local.call)
  watchCallCard(panel)
  watchCallButtonLocks(panel)
  watchCountdowns(panel)
  watchCallButtons(panel, () => controls)
  watchCallControls(panel, () => controls)
  watchDialPad(panel, () => controls)
  watchTransferForm(panel, () => controls)
  document.addEventListener('click', () => unlockAudio(audio))

  void acquireTabLock(agentId, () => {
    controls = remote
    element.toggleAttribute('data-remote', true)
    panel.applyLineEvent('owned-elsewhere')
    remote.watch()
  }).then(() => {
    controls = local.controls
    element.toggleAttribute('data-remote', false)
    remote.unwatch()
    panel.change(blankView)
    sharePhone(channel, panel, controls)
    return local.startIfAllowed()
  })
  return updates
}
