import { createHmac } from 'node:crypto'
import type { TurnServer } from '../runtime/config.ts'

/** An entry of a browser's `iceServers`. */
export interface IceServer {
  urls: string[]
  username: string
  credential: string
}

/**
 * Longer than the phone's password lasts (sip-credentials.ts). Each new password brings new TURN credentials, so no call starts
 * with expired ones.
 */
const turnCredentialMs = 4 * 60 * 60 * 1000

/**
 * A name and a password for the TURN server that last four hours. The server computes the same from its secret
 * (draft-uberti-behave-turn-rest-00; coturn's `use-auth-secret`). `endpoint` identifies the phone in its log.
 */
export function turnCredential({ urls, secret }: TurnServer, endpoint: string, now: Date): IceServer {
  const username = `${Math.floor((now.getTime() + turnCredentialMs) / 1000)}:${endpoint}`
  return { urls, username, credential: createHmac('sha1', secret).update(username).digest('base64') }
}
