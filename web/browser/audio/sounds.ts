const rate = 16_000

/** Two notes, low and high: to hear whether a speaker works. */
export function testTone(): Blob {
  return waveFile([...notes([523, 784], 0.35), ...silence(0.1)])
}

/** A telephone that rings: a warble of a second, a pause of two. To be played again and again. */
export function ringTone(): Blob {
  const warble = Array.from({ length: 10 }, (_, n) => notes([n % 2 === 0 ? 660 : 830], 0.1)).flat()
  return waveFile([...warble, ...silence(2)])
}

/** One after the other, each swelling and fading so that it does not click. */
function notes(frequencies: readonly number[], seconds: number): number[] {
  const length = Math.round(seconds * rate)
  const note = (frequency: number) =>
    Array.from({ length }, (_, n) => 0.35 * Math.sin((Math.PI * n) / length) * Math.sin((2 * Math.PI * frequency * n) / rate))
  return frequencies.flatMap(note)
}

function silence(seconds: number): number[] {
  return new Array<number>(Math.round(seconds * rate)).fill(0)
}

/** A .wav of one channel with 16 bits a sample. */
function waveFile(samples: readonly number[]): Blob {
  const header = new DataView(new ArrayBuffer(44))
  const text = (at: number, word: string) => [...word].forEach((letter, n) => header.setUint8(at + n, letter.charCodeAt(0)))
  const bytes = samples.length * 2
  text(0, 'RIFF')
  header.setUint32(4, 36 + bytes, true)
  text(8, 'WAVEfmt ')
  header.setUint32(16, 16, true)
  header.setUint16(20, 1, true)
  header.setUint16(22, 1, true)
  header.setUint32(24, rate, true)
  header.setUint32(28, rate * 2, true)
  header.setUint16(32, 2, true)
  header.setUint16(34, 16, true)
  text(36, 'data')
  header.setUint32(40, bytes, true)
  const pcm = Int16Array.from(samples, (sample) => Math.round(sample * 32_767))
  return new Blob([header, pcm], { type: 'audio/wav' })
}
