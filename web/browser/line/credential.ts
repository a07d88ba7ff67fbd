import { postForm } from '../dom/post.ts'
import { setServerTime } from '../dom/server-clock.ts'

/** What a browser phone needs to register. It is valid for a few hours and kept only in a variable of this page. */
export interface Credential {
  /** `sip:<endpoint>@<domain>` */
  uri: string
  endpoint: string
  password: string
  wsUrl: string
  expiresAt: string
  /** The TURN server for networks that block direct media; empty if none is configured. */
  iceServers: RTCIceServer[]
}

export type CredentialResult = { outcome: 'issued'; credential: Credential } | { outcome: 'signed-out' | 'displaced' | 'unavailable' }

/**
 * Asks the site for a new password; the previous one stops working. Only the tab that owns the phone may ask. A renewal sends
 * the expiry of the previous credential: the answer is `displaced` if another browser has got a newer one.
 */
export async function requestCredential(previous: Credential | null): Promise<CredentialResult> {
  try {
    const form: Record<string, string> = previous ? { renews: previous.expiresAt } : {}
    const response = await postForm('/phone/credential', form, { signal: AbortSignal.timeout(10_000) })
    if (!response) return { outcome: 'unavailable' }
    setServerTime(response.headers)
    // Signed out: 401, 403, or a redirect to the sign-in page.
    if (response.status === 401 || response.status === 403 || response.redirected) return { outcome: 'signed-out' }
    if (response.status === 409) return { outcome: 'displaced' }
    if (!response.ok) return { outcome: 'unavailable' }
    return { outcome: 'issued', credential: (await response.json()) as Credential }
  } catch {
    return { outcome: 'unavailable' }
  }
}
