import type { Panel } from '../state/panel.ts'

/** Desktop notifications: asked for by a click of the person, never out of the blue. */
export function watchNotificationPermission(panel: Panel): { ask: () => void; wanted: () => boolean } {
  const known = typeof Notification !== 'undefined'
  const show = () => {
    const place = panel.part('notify')
    if (place) place.dataset['notify'] = known ? Notification.permission : 'unknown'
  }
  const ask = () => void Notification.requestPermission().then(show)
  panel.part('ask-notify')?.addEventListener('click', ask)
  show()
  return { ask, wanted: () => known && Notification.permission === 'default' }
}
