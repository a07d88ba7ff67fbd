import { setTimeout as pause } from 'node:timers/promises'

/** For what never comes. What a slow machine needs is less. */
export const patienceMs = 90_000

/**
 * Asks again and again until the answer is there. The time is only for what never comes, and is told with it: no test may
 * depend on the speed of its machine.
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
