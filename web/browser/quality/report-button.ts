import type { FlightRecorder } from './flight-recorder.ts'
import type { Panel } from '../state/panel.ts'
import { postJson } from '../dom/post.ts'

const resultByStatus: Record<number, string> = { 201: 'sent', 429: 'enough' }

/** The button that sends the phone's last ten minutes to the operator of the server. */
export function watchReportButton(panel: Panel, recorder: FlightRecorder): void {
  const element = panel.part('report')
  panel.part('send-report')?.addEventListener('click', () => void send())

  async function send(): Promise<void> {
    if (!element || element.dataset['report'] === 'sending') return
    element.dataset['report'] = 'sending'
    const response = await postJson('/phone/reports', { appVersion: document.body.dataset['version'] ?? '', entries: recorder.entries() })
    element.dataset['report'] = resultByStatus[response?.status ?? 0] ?? 'failed'
  }
}
