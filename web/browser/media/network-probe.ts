import { sleep } from '../dom/sleep.ts'

const betweenProbesMs = 200

/**
 * Resolves once the browser finds an address to offer for sound, or when `enough` says so. After a change of network its
 * list of addresses is empty for a moment longer than its connections are, and an offer without one would end the call:
 * Asterisk answers it without ICE.
 */
export async function untilAddressFound(enough: () => boolean): Promise<void> {
  while (!enough() && !(await findsAddress())) await sleep(betweenProbesMs)
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
