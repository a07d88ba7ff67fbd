import { audioContext } from '../audio/audio-context.ts'
import { sleep } from '../dom/sleep.ts'

const toneHz = 1375
const toneMs = 300
const loud = 0.25
/** By so much the tone has to stand out of what came back before it. */
const risesDb = 20
const lookEveryMs = 20

/** Mixes a microphone with tones of our own, and listens for the tones in what comes back. */
export class EchoProbe {
  /** What to send in place of the microphone. */
  readonly sent: MediaStream
  readonly #microphone: MediaStreamAudioSourceNode
  readonly #tone: OscillatorNode
  readonly #loudness: GainNode

  constructor(microphone: MediaStream) {
    const context = audioContext()
    const mix = context.createMediaStreamDestination()
    this.sent = mix.stream
    this.#microphone = context.createMediaStreamSource(microphone)
    this.#microphone.connect(mix)
    this.#tone = new OscillatorNode(context, { frequency: toneHz })
    this.#loudness = new GainNode(context, { gain: 0 })
    this.#tone.connect(this.#loudness).connect(mix)
    this.#tone.start()
  }

  /** From here on only tones are sent: a voice could be taken for one. */
  leaveMicrophone(): void {
    this.#microphone.disconnect()
  }

  /** Sends one tone. How many ms later it came back, or null when it did not within `withinMs`. */
  async tone(returned: MediaStream, withinMs: number): Promise<number | null> {
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
      this.#loudness.gain.value = loud
      setTimeout(() => (this.#loudness.gain.value = 0), toneMs)
      while (performance.now() - startedAt < withinMs) {
        await sleep(lookEveryMs)
        if (level() > Math.max(before, -80) + risesDb) return performance.now() - startedAt
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
