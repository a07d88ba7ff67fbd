import { setTimeout as pause } from 'node:timers/promises'

/** The time limit for something that never happens; a slow machine needs less. */
export const patienceMs = 90_000

/**
 * Repeats `ask` until it returns a value. The time limit only ends a wait for something that never happens: no test may depend on the
 * speed of its machine.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = patienceMs,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (performance.now() > deadline) throw new Error(`waited ${withinMs / 1000} s for: ${what}`)
    await pause(50)
  }
}
