import { audioContext } from '../audio/audio-context.ts'
import { sleep } from '../dom/sleep.ts'

const toneHz = 1375
const toneMs = 300
const toneGain = 0.25
/** How much louder the returned tone must be than the sound before it. */
const riseDb = 20
const checkEveryMs = 20

/** Mixes test tones into the sound of a microphone, and detects the tones in the returned sound. */
export class EchoProbe {
  /** The stream to send instead of the microphone's. */
  readonly sent: MediaStream
  readonly #microphone: MediaStreamAudioSourceNode
  readonly #tone: OscillatorNode
  readonly #gain: GainNode

  constructor(microphone: MediaStream) {
    const context = audioContext()
    const mix = context.createMediaStreamDestination()
    this.sent = mix.stream
    this.#microphone = context.createMediaStreamSource(microphone)
    this.#microphone.connect(mix)
    this.#tone = new OscillatorNode(context, { frequency: toneHz })
    this.#gain = new GainNode(context, { gain: 0 })
    this.#tone.connect(this.#gain).connect(mix)
    this.#tone.start()
  }

  /** Sends only tones from now on, because a voice could be detected as a tone. */
  disconnectMicrophone(): void {
    this.#microphone.disconnect()
  }

  /** Sends one tone. Resolves with the ms until it returned, or null if that took more than `withinMs`. */
  async measureTone(returned: MediaStream, withinMs: number): Promise<number | null> {
    const context = audioContext()
    const source = context.createMediaStreamSource(returned)
    const analyser = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0 })
    source.connect(analyser)
    const bin = Math.round((toneHz / context.sampleRate) * analyser.fftSize)
    const spectrum = new Float32Array(analyser.frequencyBinCount)
    const level = () => {
      analyser.getFloatFrequencyData(spectrum)
      return Math.max(spectrum[bin] ?? -Infinity, -100)
    }
    try {
      await sleep(100)
      const before = level()
      const startedAt = performance.now()
      this.#gain.gain.value = toneGain
      setTimeout(() => (this.#gain.gain.value = 0), toneMs)
      while (performance.now() - startedAt < withinMs) {
        await sleep(checkEveryMs)
        if (level() > Math.max(before, -80) + riseDb) return performance.now() - startedAt
      }
      return null
    } finally {
      source.disconnect()
    }
  }

  stop(): void {
    this.#tone.stop()
    this.#microphone.disconnect()
    for (const track of this.sent.getTracks()) track.stop()
  }
}
