const mostMicros = 1_000_000_000

/** `0,039`, `0.039` or `R$ 0,039` in micros, millionths of a real. Null for what is not an amount, or more than R$ 1000. */
export function readReais(text: string): number | null {
  const [, reais, decimals = ''] = /^(?:R\$)?\s*(\d{1,4})(?:[.,](\d{1,6}))?$/.exec(text.trim()) ?? []
  if (reais === undefined) return null
  const micros = Number(reais) * 1_000_000 + Number(decimals.padEnd(6, '0'))
  return micros > mostMicros ? null : micros
}

/** 39,000 micros as `R$ 0,039`: two decimals, or as many as the amount has. */
export function formatReais(micros: number): string {
  const decimals = String(micros % 1_000_000)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '')
  return `R$ ${Math.floor(micros / 1_000_000)},${decimals}`
}
