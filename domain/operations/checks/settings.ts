import { stat } from 'node:fs/promises'
import { readSettings, type Settings } from '../../runtime/config.ts'
import { fault, ok, type Finding } from './finding.ts'
import { knownSettings, processNames, processSettings, settingsFile, type ProcessName } from './process-settings.ts'
import type { Server } from './server.ts'

/** Each process has its own database user, and may have its own log level. */
const ownOfEach = ['RAMAL_DATABASE_URL', 'RAMAL_LOG_LEVEL']

/** Checks more than loading does: what a server on the Internet needs, and that values in several files agree. */
export async function compareSettings({ config, env }: Server): Promise<Finding[]> {
  const faults: Finding[] = []
  if (config.behindTls && config.sipWebSocketUrl.startsWith('ws://'))
    faults.push(
      fault(
        'RAMAL_SIP_WS_URL starts with ws://, and a page that came over HTTPS may not connect there: no browser phone can register',
        'write it as wss://<the name of the site>/ws, and let nginx pass /ws on to Asterisk',
      ),
    )
  if (config.sessionSecret !== undefined) faults.push(strayedSecret('ramal'))
  faults.push(...(await Promise.all(processNames.map((name) => compareFile(config.settingsDir, name, env)))).flat())
  for (const name of ['ramal', ...processNames] as const) faults.push(...(await lookAtMode(config.settingsDir, name)))
  return faults.length > 0 ? faults : [ok('complete')]
}

async function compareFile(settingsDir: string, name: ProcessName, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const own = await processSettings(settingsDir, name)
  if (own === null)
    return [fault(`${settingsFile(settingsDir, name)} is not there: ramal-${name} does not start`, 'systemd/install writes it')]
  const secret = own['RAMAL_SESSION_SECRET']
  if (name !== 'web' && secret !== undefined) return [strayedSecret(name)]
  if (name === 'web' && secret === undefined)
    return [fault('RAMAL_SESSION_SECRET is not set: the site does not start', 'add one to web.env: openssl rand -base64 48')]
  const common = await knownSettings('ramal')
  const shared = [...(await knownSettings(name))].filter((key) => common.has(key) && !ownOfEach.includes(key))
  const [theirs, ours]: [Settings, Settings] = [readSettings(own), readSettings(env)]
  const [their, our] = [theirs, ours].map(({ RAMAL_DATABASE_URL }) => new URL(RAMAL_DATABASE_URL))
  if (their?.host !== our?.host || their?.pathname !== our?.pathname)
    return [
      fault(`${name}.env leads to another database than ramal.env`, `correct RAMAL_DATABASE_URL; then: systemctl restart ramal-${name}`),
    ]
  return shared
    .filter((key) => JSON.stringify(theirs[key as keyof Settings]) !== JSON.stringify(ours[key as keyof Settings]))
    .map((key) =>
      fault(`${key} is not the same in ${name}.env and in ramal.env`, `write the same in both; then: systemctl restart ramal-${name}`),
    )
}

function strayedSecret(name: string): Finding {
  return fault(
    `RAMAL_SESSION_SECRET stands in ${name}.env: who has it can sign in as anybody`,
    'take that line out; it belongs into web.env and nowhere else',
  )
}

/** Only root and the backup group may read ramal.env, and only root the other files. */
async function lookAtMode(settingsDir: string, name: ProcessName | 'ramal'): Promise<Finding[]> {
  const file = settingsFile(settingsDir, name)
  const found = await stat(file).catch(() => null)
  if (found === null) return []
  if ((found.mode & 0o007) !== 0)
    return [fault(`everybody on this machine may read ${file}, and the passwords in it`, `chmod 0640 ${file}`)]
  if (name !== 'ramal' && (found.mode & 0o070) !== 0 && found.gid !== 0)
    return [fault(`${file} may be read by others than root`, `chown root:root ${file}`)]
  return []
}
