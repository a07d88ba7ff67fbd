import type { RTCSession } from 'jssip/lib/RTCSession'
import type { AudioDevices } from '../audio/audio-devices.ts'
import { receiveEcho } from './echo-call.ts'
import { useSpeaker } from '../audio/speaker.ts'
import { EchoProbe } from './echo-probe.ts'
import { judgeEcho, type EchoVerdict } from './echo-verdict.ts'
import { LevelMeter } from '../audio/level-meter.ts'
import { Microphone, microphoneProblemOf, type MicrophoneProblem } from '../audio/microphone.ts'
import { sleep } from '../dom/sleep.ts'

/** The extension of the echo test (dialplan/echo-test.conf). */
export const echoExtension = '*43'

export type EchoStep = 'connecting' | 'speak' | 'listen'
export type EchoOutcome = { verdict: EchoVerdict; delayMs: number | null } | { verdict: 'unavailable' | MicrophoneProblem; delayMs: null }

const speakMs = 4000
const tones = 4
const toneWithinMs = 1200
/** -45 dB: a voice in a headset is far above this level, the noise of a muted headset far below. */
const voiceLevel = 0.25

interface Options {
  devices: AudioDevices
  /** Calls the extension and sends the stream. Null if the phone is not ready. */
  dial: (number: string, mediaStream: MediaStream) => RTCSession | null
  onStep: (step: EchoStep) => void
}

/** Calls Asterisk's echo application, and measures whether and when sound returns. */
export class EchoTest {
  readonly #options: Options
  readonly #microphone: Microphone
  #session: RTCSession | null = null

  constructor(options: Options) {
    this.#options = options
    this.#microphone = new Microphone(() => options.devices.idFor('microphone'))
  }

  async run(): Promise<EchoOutcome> {
    this.#options.onStep('connecting')
    let microphone: MediaStream
    try {
      microphone = await this.#microphone.open()
    } catch (error) {
      return { verdict: microphoneProblemOf(error), delayMs: null }
    }
    const probe = new EchoProbe(microphone)
    try {
      return await this.#measure(microphone, probe)
    } finally {
      probe.stop()
      this.stop()
    }
  }

  /** Stops a running test, because a call needs the phone. */
  stop(): void {
    if (this.#session && !this.#session.isEnded()) this.#session.terminate()
    this.#session = null
    this.#microphone.close()
  }

  async #measure(microphone: MediaStream, probe: EchoProbe): Promise<EchoOutcome> {
    const { devices, dial, onStep } = this.#options
    const session = (this.#session = dial(echoExtension, probe.sent))
    const echo = session && (await receiveEcho(session))
    if (!session || !echo) return { verdict: 'unavailable', delayMs: null }
    const player = new Audio()
    player.srcObject = echo
    await useSpeaker(player, devices)
    player.play().catch(() => undefined)
    onStep('speak')
    const spoke = await hearsVoice(microphone, session)
    onStep('listen')
    probe.disconnectMicrophone()
    // Wait until the agent's last words have returned.
    await sleep(700)
    const delays: number[] = []
    for (let n = 0; n < tones && !session.isEnded(); n++) {
      const delay = await probe.measureTone(echo, toneWithinMs)
      if (delay !== null) delays.push(delay)
      await sleep(400)
    }
    player.srcObject = null
    // Asterisk or `stop` ended the call too early for a verdict.
    return session.isEnded() && delays.length < 2 ? { verdict: 'unavailable', delayMs: null } : judgeEcho(spoke, delays)
  }
}

async function hearsVoice(microphone: MediaStream, session: RTCSession): Promise<boolean> {
  const meter = new LevelMeter(microphone)
  let loudReadings = 0
  const startedAt = performance.now()
  while (performance.now() - startedAt < speakMs && !session.isEnded()) {
    await sleep(50)
    if (meter.read() > voiceLevel) loudReadings += 1
  }
  meter.stop()
  return loudReadings >= 3
}
