import { audioContext } from './audio-context.ts'

const quietestDb = -60

/** Measures the loudness of a stream. Call `stop` at the end, else the stream cannot be garbage-collected. */
export class LevelMeter {
  readonly #source: MediaStreamAudioSourceNode
  readonly #analyser: AnalyserNode
  readonly #samples: Float32Array<ArrayBuffer>

  /** `stream` must have an audio track. */
  constructor(stream: MediaStream) {
    const context = audioContext()
    this.#source = context.createMediaStreamSource(stream)
    // 2048 samples at 48 kHz are 43 ms: a reading every 100 ms may miss a click, but never a word.
    this.#analyser = new AnalyserNode(context, { fftSize: 2048 })
    this.#samples = new Float32Array(this.#analyser.fftSize)
    this.#source.connect(this.#analyser)
  }

  /** From 0 (silence) to 1 (full scale), linear in decibels. */
  read(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples)
    return levelOf(this.#samples)
  }

  stop(): void {
    this.#source.disconnect()
  }
}

export function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
  const db = 10 * Math.log10(power)
  return Math.min(Math.max(1 - db / quietestDb, 0), 1)
}
