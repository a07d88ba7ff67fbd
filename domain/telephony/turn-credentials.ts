import { createHmac } from 'node:crypto'
import type { TurnServer } from '../runtime/config.ts'

/** What a browser takes as one of its `iceServers`. */
export interface IceServer {
  urls: string[]
  username: string
  credential: string
}

/** Longer than a password of the phone lives (sip-credentials.ts), which brings new ones with it: no call begins with old ones. */
const turnCredentialMs = 4 * 60 * 60 * 1000

/**
 * A name and a password for the TURN server that last four hours. The server needs no word from us: it computes the same
 * from its secret (draft-uberti-behave-turn-rest-00; coturn's `use-auth-secret`). `endpoint` tells in its log whose phone it is.
 */
export function turnCredential({ urls, secret }: TurnServer, endpoint: string, now: Date): IceServer {
  const username = `${Math.floor((now.getTime() + turnCredentialMs) / 1000)}:${endpoint}`
  return { urls, username, credential: createHmac('sha1', secret).update(username).digest('base64') }
}
