// After a reload, the lock of the previous page may still be held for a moment.
const reportAfterMs = 400

/**
 * Resolves when this tab owns the phone; calls `onOwnedElsewhere` if it must wait. Only one tab of a browser owns it, because two
 * registrations would displace each other. When the owner closes, crashes or leaves the page, the browser gives the lock to the
 * next tab. Each agent has a lock.
 */
export async function acquireTabLock(agentId: string, onOwnedElsewhere: () => void): Promise<void> {
  const report = setTimeout(onOwnedElsewhere, reportAfterMs)
  await new Promise<void>((owned) => {
    // The promise never settles, so the page holds the lock until it unloads.
    void navigator.locks.request(`ramal-phone-${agentId}`, () => {
      owned()
      return new Promise<never>(() => {})
    })
  })
  clearTimeout(report)
}
