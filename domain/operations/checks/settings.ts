import { stat } from 'node:fs/promises'
import { readSettings, type Settings } from '../../runtime/config.ts'
import { fault, ok, type Finding } from './finding.ts'
import { knownSettings, processNames, processSettings, settingsFile, type ProcessName } from './process-settings.ts'
import type { Server } from './server.ts'

/** Each process has its own database user, and may have its own log level. */
const ownOfEach = ['RAMAL_DATABASE_URL', 'RAMAL_LOG_LEVEL']

/** Checks more than loading does: what a server on the Internet needs, and that values in several files agree. */
export async function checkSettings({ config, env }: Server): Promise<Finding[]> {
  const faults: Finding[] = []
  if (config.behindTls && config.sipWebSocketUrl.startsWith('ws://'))
    faults.push(
      fault(
        'RAMAL_SIP_WS_URL starts with ws://, which a page over HTTPS must not open, so no browser phone can register',
        'set it to wss://<name of the site>/ws; nginx passes /ws to Asterisk',
      ),
    )
  if (config.sessionSecret !== undefined) faults.push(misplacedSecret('ramal'))
  faults.push(...(await Promise.all(processNames.map((name) => compareFile(config.settingsDir, name, env)))).flat())
  for (const name of ['ramal', ...processNames] as const) faults.push(...(await checkMode(config.settingsDir, name)))
  return faults.length > 0 ? faults : [ok('complete')]
}

async function compareFile(settingsDir: string, name: ProcessName, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const own = await processSettings(settingsDir, name)
  if (own === null)
    return [
      fault(
        `${settingsFile(settingsDir, name)} does not exist, so ramal-${name} does not start`,
        'run systemd/install: it writes the file',
      ),
    ]
  const secret = own['RAMAL_SESSION_SECRET']
  if (name !== 'web' && secret !== undefined) return [misplacedSecret(name)]
  if (name === 'web' && secret === undefined)
    return [
      fault(
        'RAMAL_SESSION_SECRET is not set, so the site does not start',
        'add it to web.env with the output of: openssl rand -base64 48; then: systemctl restart ramal-web',
      ),
    ]
  const common = await knownSettings('ramal')
  const shared = [...(await knownSettings(name))].filter((key) => common.has(key) && !ownOfEach.includes(key))
  const [theirs, ours]: [Settings, Settings] = [readSettings(own), readSettings(env)]
  const [their, our] = [theirs, ours].map(({ RAMAL_DATABASE_URL }) => new URL(RAMAL_DATABASE_URL))
  if (their?.host !== our?.host || their?.pathname !== our?.pathname)
    return [fault(`${name}.env has another database than ramal.env`, `correct RAMAL_DATABASE_URL; then: systemctl restart ramal-${name}`)]
  return shared
    .filter((key) => JSON.stringify(theirs[key as keyof Settings]) !== JSON.stringify(ours[key as keyof Settings]))
    .map((key) =>
      fault(`${key} differs between ${name}.env and ramal.env`, `set the same value in both; then: systemctl restart ramal-${name}`),
    )
}

function misplacedSecret(name: string): Finding {
  return fault(
    `RAMAL_SESSION_SECRET is in ${name}.env: a process that reads it can sign in as any user`,
    'remove that line; only web.env may have it',
  )
}

/** Only root and the backup group may read ramal.env, and only root the other files. */
async function checkMode(settingsDir: string, name: ProcessName | 'ramal'): Promise<Finding[]> {
  const file = settingsFile(settingsDir, name)
  const found = await stat(file).catch(() => null)
  if (found === null) return []
  if ((found.mode & 0o007) !== 0) return [fault(`every user of this machine can read the passwords in ${file}`, `chmod 0640 ${file}`)]
  if (name !== 'ramal' && (found.mode & 0o070) !== 0 && found.gid !== 0)
    return [fault(`users other than root can read ${file}`, `chown root:root ${file}`)]
  return []
}
