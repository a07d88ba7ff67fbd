import { stat } from 'node:fs/promises'
import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** The file that systemd reads the environment from. */
export const environmentFile = '/etc/ramal/ramal.env'

/** What loads is not yet what a server on the Internet needs. */
export async function readSettings({ config }: Server): Promise<Finding[]> {
  const faults: Finding[] = []
  if (config.sessionSecret === undefined)
    faults.push(fault('RAMAL_SESSION_SECRET is not set: the site does not start', `add one to ${environmentFile}: openssl rand -base64 48`))
  if (config.behindTls && config.sipWebSocketUrl.startsWith('ws://'))
    faults.push(
      fault(
        'RAMAL_SIP_WS_URL starts with ws://, and a page that came over HTTPS may not connect there: no browser phone can register',
        'write it as wss://<the name of the site>/ws, and let nginx pass /ws on to Asterisk',
      ),
    )
  const mode = await stat(environmentFile).then(
    (file) => file.mode,
    () => null,
  )
  if (mode !== null && (mode & 0o007) !== 0)
    faults.push(fault(`everybody on this machine may read ${environmentFile}, and the passwords in it`, `chmod 0640 ${environmentFile}`))
  return faults.length > 0 ? faults : [ok('complete')]
}
