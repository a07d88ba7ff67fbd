import { postForm } from '../dom/post.ts'
import { noteServerTime } from '../dom/server-clock.ts'

/** What a browser phone needs to register, for a few hours. It lives in a variable of this page and nowhere else. */
export interface Credential {
  /** `sip:<endpoint>@<domain>` */
  uri: string
  endpoint: string
  password: string
  wsUrl: string
  expiresAt: string
  /** The TURN server that passes the sound on where a network lets none through; empty where there is none. */
  iceServers: RTCIceServer[]
}

export type CredentialAnswer = { outcome: 'issued'; credential: Credential } | { outcome: 'signed-out' | 'displaced' | 'unavailable' }

/**
 * Asks the site for a new password; the one before stops working. Only the tab that owns the phone may ask. A page that
 * renews names its own password's end: `displaced` when another browser has taken the phone since.
 */
export async function requestCredential(renews: Credential | null): Promise<CredentialAnswer> {
  try {
    const form: Record<string, string> = renews ? { renews: renews.expiresAt } : {}
    const response = await postForm('/phone/credential', form, { signal: AbortSignal.timeout(10_000) })
    if (!response) return { outcome: 'unavailable' }
    noteServerTime(response.headers)
    // Signed out: 401, 403, or sent to the sign-in page.
    if (response.status === 401 || response.status === 403 || response.redirected) return { outcome: 'signed-out' }
    if (response.status === 409) return { outcome: 'displaced' }
    if (!response.ok) return { outcome: 'unavailable' }
    return { outcome: 'issued', credential: (await response.json()) as Credential }
  } catch {
    return { outcome: 'unavailable' }
  }
}
