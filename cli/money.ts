import { InvalidArgumentError } from 'commander'

const mostMicros = 1_000_000_000

/** `0,039`, `0.039` or `R$ 0,039` as micros, millionths of a real. */
export function readMicros(text: string): number {
  const amount = /^(?:R\$)?\s*(\d{1,4})(?:[.,](\d{1,6}))?$/.exec(text.trim())
  const micros = amount ? Number(amount[1]) * 1_000_000 + Number((amount[2] ?? '').padEnd(6, '0')) : Infinity
  if (micros > mostMicros) throw new InvalidArgumentError('Reais with up to six decimals are wanted, 0,039 or 0.039, and R$ 1000 at most.')
  return micros
}

/** 39,000 micros as `R$ 0,039`: two decimals at least, and as many as there are. */
export function moneyWords(micros: number): string {
  const decimals = String(micros % 1_000_000)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '')
  return `R$ ${Math.floor(micros / 1_000_000)},${decimals}`
}
