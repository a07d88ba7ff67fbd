import type { FlightRecorder } from './flight-recorder.ts'
import type { Panel } from '../state/panel.ts'
import { postJson } from '../dom/post.ts'

const outcomes: Record<number, string> = { 201: 'sent', 429: 'enough' }

/** The button that sends the last ten minutes to whoever runs the server. */
export function offerReport(panel: Panel, recorder: FlightRecorder): void {
  const place = panel.part('report')
  panel.part('send-report')?.addEventListener('click', () => void send())

  async function send(): Promise<void> {
    if (!place || place.dataset['report'] === 'sending') return
    place.dataset['report'] = 'sending'
    const answer = await postJson('/phone/reports', { appVersion: panel.element.dataset['version'] ?? '', entries: recorder.entries() })
    place.dataset['report'] = outcomes[answer?.status ?? 0] ?? 'failed'
  }
}
