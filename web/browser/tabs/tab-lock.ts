// A reloaded page finds the lock of its own former self, for a moment.
const patienceMs = 400

/**
 * Waits until this tab owns the phone. Only one tab of a browser does: two registrations would take the line from each
 * other. The browser gives the lock to the next tab when the owner closes, crashes or is left. `phoneOf` tells agents apart.
 */
export async function holdTabLock(phoneOf: string, onTaken: () => void): Promise<void> {
  const taken = setTimeout(onTaken, patienceMs)
  await new Promise<void>((owned) => {
    // Held for as long as the page lives: the promise that the lock waits for never settles.
    void navigator.locks.request(`ramal-phone-${phoneOf}`, () => {
      owned()
      return new Promise<never>(() => {})
    })
  })
  clearTimeout(taken)
}
