import type { Controls } from '../state/controls.ts'
import type { Panel } from '../state/panel.ts'
import type { TabChannel } from './tab-channel.ts'

/** Sends the state of this tab's phone to the other tabs, and executes their commands. Call it when this tab owns the phone. */
export function sharePhone(channel: TabChannel, panel: Panel, controls: Controls): void {
  const show = () => channel.post({ type: 'view', view: panel.view })
  panel.watch(show)
  channel.onMessage((message) => {
    if (message.type === 'view-request') show()
    else if (message.type === 'command') controls[message.command]()
    else if (message.type === 'press') controls.press(message.digits)
    else if (message.type === 'dial') controls.dial(message.number, message.typed)
    else if (message.type === 'place') {
      const placed = controls.place(message.order).then(async (response) => ({
        status: response.status,
        headers: [...response.headers],
        html: await response.text(),
      }))
      void placed.catch(() => null).then((response) => channel.post({ type: 'placed', id: message.id, response }))
    }
  })
}
