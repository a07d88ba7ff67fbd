const rate = 16_000

/** Two notes that test a speaker. */
export function testTone(): Blob {
  return waveFile([...notes([523, 784], 0.35), ...silence(0.1)])
}

/** A ringing telephone, to be played in a loop: one second of warble, two seconds of silence. */
export function ringTone(): Blob {
  const warble = Array.from({ length: 10 }, (_, n) => notes([n % 2 === 0 ? 660 : 830], 0.1)).flat()
  return waveFile([...warble, ...silence(2)])
}

/** One note after the other. Each fades in and out, so that it does not click. */
function notes(frequencies: readonly number[], seconds: number): number[] {
  const length = Math.round(seconds * rate)
  const note = (frequency: number) =>
    Array.from({ length }, (_, n) => 0.35 * Math.sin((Math.PI * n) / length) * Math.sin((2 * Math.PI * frequency * n) / rate))
  return frequencies.flatMap(note)
}

function silence(seconds: number): number[] {
  return new Array<number>(Math.round(seconds * rate)).fill(0)
}

/** A mono .wav file with 16-bit samples. */
function waveFile(samples: readonly number[]): Blob {
  const header = new DataView(new ArrayBuffer(44))
  const text = (at: number, value: string) => [...value].forEach((letter, n) => header.setUint8(at + n, letter.charCodeAt(0)))
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
