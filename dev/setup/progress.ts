/** Progress messages of a long operation. */
export type Progress = {
  /** A finished step or a message: a line that stays. */
  note: (text: string) => void
  /** The current step: overwritten on a terminal, otherwise a line every few seconds. */
  step: (text: string) => void
}

const quietMs = 10_000

export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const startedAt = performance.now()
  let lastStepAt = 0
  let stepShown = false
  const elapsed = () => `${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s`
  const clear = () => {
    if (stepShown) stream.write('\r\x1b[K')
    stepShown = false
  }
  return {
    note(text) {
      clear()
      stream.write(`${elapsed()}  ${text}\n`)
    },
    step(text) {
      const line = `${elapsed()}  ${text} …`
      if (stream.isTTY) {
        clear()
        stream.write(line.slice(0, (stream.columns || 80) - 1))
        stepShown = true
      } else if (performance.now() - lastStepAt > quietMs) {
        stream.write(`${line}\n`)
        lastStepAt = performance.now()
      }
    },
  }
}
