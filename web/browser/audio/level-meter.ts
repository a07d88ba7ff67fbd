import { audioContext } from './audio-context.ts'

const quietestDb = -60

/** How loud a stream is, again and again. Stop it: it keeps the stream from being thrown away. */
export class LevelMeter {
  readonly #source: MediaStreamAudioSourceNode
  readonly #analyser: AnalyserNode
  readonly #samples: Float32Array<ArrayBuffer>

  /** `stream` has an audio track. */
  constructor(stream: MediaStream) {
    const context = audioContext()
    this.#source = context.createMediaStreamSource(stream)
    // 2048 samples at 48 kHz are 43 ms; a look every 100 ms may miss a click, and no word.
    this.#analyser = new AnalyserNode(context, { fftSize: 2048 })
    this.#samples = new Float32Array(this.#analyser.fftSize)
    this.#source.connect(this.#analyser)
  }

  /** 0 is silence, 1 as loud as it gets; in between by decibels, as ears have it. */
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
