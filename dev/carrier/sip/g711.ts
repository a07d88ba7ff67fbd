/** Samples in a packet of 20 ms. */
export const frameSamples = 160
const sampleRate = 8000

export type G711 = 'alaw' | 'ulaw'

/** 16-bit samples of all 256 codes (ITU-T G.711). */
const samplesOf: Record<G711, readonly number[]> = {
  alaw: Array.from({ length: 256 }, (_, code) => {
    const bits = code ^ 0x55
    const [exponent, mantissa] = [(bits >> 4) & 7, bits & 15]
    const size = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1)
    return bits & 0x80 ? size : -size
  }),
  ulaw: Array.from({ length: 256 }, (_, code) => {
    const bits = ~code & 0xff
    const size = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84
    return bits & 0x80 ? -size : size
  }),
}

const loudest = 8000

/** The nearest code of each sample from -loudest to loudest. */
const codesOf: Record<G711, Uint8Array> = { alaw: nearestCodes('alaw'), ulaw: nearestCodes('ulaw') }

function nearestCodes(codec: G711): Uint8Array {
  const sorted = samplesOf[codec].map((sample, code) => ({ sample, code })).sort((a, b) => a.sample - b.sample)
  let at = 0
  return Uint8Array.from({ length: 2 * loudest + 1 }, (_, n) => {
    const distance = (index: number) => Math.abs((sorted[index]?.sample ?? Infinity) - (n - loudest))
    while (distance(at + 1) <= distance(at)) at += 1
    return sorted[at]?.code ?? 0
  })
}

export function decode(payload: Uint8Array, codec: G711): number[] {
  return Array.from(payload, (code) => samplesOf[codec][code] ?? 0)
}

/** A packet of tones together, which begins `from` samples after their start. */
export function toneFrame(frequencies: readonly number[], from: number, codec: G711): Buffer {
  const codes = codesOf[codec]
  return Buffer.from(
    Array.from({ length: frameSamples }, (_, n) => {
      const parts = frequencies.map((hz) => Math.sin((2 * Math.PI * hz * (from + n)) / sampleRate))
      return codes[Math.round((loudest * parts.reduce((sum, part) => sum + part, 0)) / frequencies.length) + loudest] ?? 0
    }),
  )
}

/** The share of the sound's energy at a frequency, 0 to 1 (Goertzel's sum). Silence has none. */
export function shareOf(hz: number, samples: readonly number[]): number {
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0)
  if (samples.length === 0 || energy / samples.length < 10_000) return 0
  let [cosine, sine] = [0, 0]
  for (const [n, sample] of samples.entries()) {
    const angle = (2 * Math.PI * hz * n) / sampleRate
    cosine += sample * Math.cos(angle)
    sine += sample * Math.sin(angle)
  }
  return (2 * (cosine * cosine + sine * sine)) / (samples.length * energy)
}
