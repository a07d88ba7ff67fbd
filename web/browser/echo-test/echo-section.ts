import type { AudioDevices } from '../audio/audio-devices.ts'
import type { CurrentCall } from '../call/current-call.ts'
import { EchoTest } from './echo-test.ts'
import type { FlightRecorder } from '../quality/flight-recorder.ts'
import type { Panel } from '../state/panel.ts'
import type { RTCSession } from 'jssip/lib/RTCSession'

interface Options {
  panel: Panel
  call: CurrentCall
  devices: AudioDevices
  recorder: FlightRecorder
  dial: (number: string, mediaStream: MediaStream) => RTCSession | null
}

/** The echo test in the settings dialog: shows its current step and its verdict. */
export class EchoSection {
  readonly #options: Options
  #test: EchoTest | null = null

  constructor(options: Options) {
    this.#options = options
    const { panel, call } = options
    panel.part('start-echo')?.addEventListener('click', () => void this.start())
    panel.part('settings')?.addEventListener('close', () => this.#test?.stop())
    panel.watch(() => {
      if (call.open) this.#test?.stop()
    })
  }

  async start(): Promise<void> {
    const { panel, call, devices, recorder, dial } = this.#options
    if (this.#test) return
    if (call.open || panel.line !== 'ready') return this.#show('unavailable')
    this.#test = new EchoTest({ devices, dial, onStep: (step) => this.#show(step) })
    try {
      const { verdict, delayMs } = await this.#test.run()
      recorder.note('echo-test', { verdict, delayMs })
      const delay = panel.part('echo-delay')
      if (delay) delay.textContent = delayMs === null ? '' : String(delayMs)
      this.#show(verdict)
    } finally {
      this.#test = null
    }
  }

  #show(step: string): void {
    const element = this.#options.panel.part('echo')
    if (element) element.dataset['echo'] = step
  }
}
