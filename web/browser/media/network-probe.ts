import { sleep } from '../dom/sleep.ts'

const betweenProbesMs = 200

/**
 * Resolves when the browser finds a local address for media, or when `isDone` returns true. After a change of network the
 * browser may connect before it lists an address. An offer without an address would end the call, because Asterisk answers it
 * without ICE.
 */
export async function waitForLocalAddress(isDone: () => boolean): Promise<void> {
  while (!isDone() && !(await findsAddress())) await sleep(betweenProbesMs)
}

async function findsAddress(): Promise<boolean> {
  const probe = new RTCPeerConnection()
  try {
    probe.createDataChannel('')
    const found = new Promise<boolean>((resolve) => probe.addEventListener('icecandidate', ({ candidate }) => resolve(Boolean(candidate))))
    await probe.setLocalDescription()
    return await found
  } finally {
    probe.close()
  }
}
