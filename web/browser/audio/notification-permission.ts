import type { Panel } from '../state/panel.ts'

/** Asks for permission to show desktop notifications, only after a click of the agent. */
export function watchNotificationPermission(panel: Panel): { ask: () => void; canAsk: () => boolean } {
  const supported = typeof Notification !== 'undefined'
  const show = () => {
    const element = panel.part('notify')
    if (element) element.dataset['notify'] = supported ? Notification.permission : 'unknown'
  }
  const ask = () => void Notification.requestPermission().then(show)
  panel.part('ask-notify')?.addEventListener('click', ask)
  show()
  return { ask, canAsk: () => supported && Notification.permission === 'default' }
}
