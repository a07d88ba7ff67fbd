import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again until the answer is there. Says what it waited for when the time is over. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = 15_000,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (performance.now() > deadline) throw new Error(`waited ${withinMs / 1000} s in vain for: ${what}`)
    await pause(50)
  }
}
