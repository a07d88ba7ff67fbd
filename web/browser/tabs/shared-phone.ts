import type { Controls } from '../state/controls.ts'
import type { Panel } from '../state/panel.ts'
import type { TabChannel } from './tab-channel.ts'

/** Shows the phone of this tab to the other tabs, and does what they ask. Call it once the phone is this tab's. */
export function sharePhone(channel: TabChannel, panel: Panel, controls: Controls): void {
  const show = () => channel.say({ say: 'view', view: panel.view })
  panel.watch(show)
  channel.listen((message) => {
    if (message.say === 'what-is-up') show()
    else if (message.say === 'act') controls[message.act]()
    else if (message.say === 'press') controls.press(message.digits)
    else if (message.say === 'dial') controls.dial(message.number, message.typed)
    else if (message.say === 'place') {
      const answered = controls.place(message.order).then(async (response) => ({
        status: response.status,
        headers: [...response.headers],
        html: await response.text(),
      }))
      void answered.catch(() => null).then((answer) => channel.say({ say: 'placed', id: message.id, answer }))
    }
  })
}
