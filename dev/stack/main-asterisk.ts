import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkout } from '../setup/cache.ts'
import type { Progress } from '../setup/progress.ts'
import { findInRoot } from '../setup/root.ts'
import type { Root } from '../setup/root.ts'
import { odbcDrivers } from '../setup/roots.ts'
import { Asterisk } from './asterisk.ts'
import { asteriskConf, copyConfiguration, layData, writeLocal } from './asterisk-files.ts'
import { carrierAddresses } from './carrier.ts'
import type { Ports } from './ports.ts'
import type { Sounds } from './sounds.ts'
import type { Secrets, State } from './state.ts'

type Options = { root: Root; state: State; secrets: Secrets; ports: Ports; sipDomain: string; sounds: Sounds; progress: Progress }

/** The Asterisk under test, with pjsip/ and dialplan/ of this checkout, and generated local files. */
export function mainAsterisk(options: Options): Asterisk {
  const { root, state, sounds, progress } = options
  const directory = state.path('asterisk')
  return new Asterisk({
    name: 'asterisk',
    root,
    directory,
    logFile: state.path('log/asterisk.log'),
    // Use this odbc.ini in place of the machine's.
    env: { ODBCINI: join(directory, 'etc/local/odbc.ini'), ODBCSYSINI: join(directory, 'etc/local') },
    configure() {
      const etc = join(directory, 'etc')
      copyConfiguration(etc, [join(checkout, 'pjsip'), join(checkout, 'dialplan')])
      writeFileSync(join(etc, 'asterisk.conf'), asteriskConf(root, directory))
      writeLocal(etc, localFiles(options))
      layData(root, join(directory, 'data'), { prompts: sounds.prompts, holdMusic: sounds.holdMusic })
      mkdirSync(monitorDirectory(state), { recursive: true })
      chmodSync(join(directory, 'spool/outgoing'), 0o770)
    },
    progress,
  })
}

export function spoolDirectory(state: State): string {
  return state.path('asterisk/spool')
}

export function monitorDirectory(state: State): string {
  return state.path('asterisk/spool/monitor')
}

/** The local files that the installer or an administrator writes on a server (examples are in systemd/). */
function localFiles({ root, state, secrets, ports, sipDomain }: Options): Record<string, string> {
  return {
    'global.conf': `default_realm = ${sipDomain}\n`,
    'transports.conf': `[transport-udp]\ntype = transport\nprotocol = udp\nbind = 127.0.0.1:${ports.sip}\n`,
    'phones.conf': `[transport-tcp]\ntype = transport\nprotocol = tcp\nbind = 127.0.0.1:${ports.sip}\n`,
    'trunks.conf': Object.entries(carrierAddresses)
      .map(([trunk, address]) => trunkSections(trunk, address, ports.carrierSip))
      .join('\n'),
    'http.conf': `bindaddr = 127.0.0.1\nbindport = ${ports.webSocket}\n`,
    'rtp.conf': `rtpstart = ${ports.rtp.from}\nrtpend = ${ports.rtp.to}\n`,
    'odbc.conf': `dsn => ramal\nusername => asterisk\npassword => ${secrets.asterisk}\n`,
    'odbc.ini': dataSources(findInRoot(root, ...odbcDrivers), ports.mariadb),
    'globals.conf': `[globals]\nRAMAL_AGI=127.0.0.1:${ports.agi}\nRAMAL_MONITOR=${monitorDirectory(state)}\n`,
  }
}

/** As systemd/installer/asterisk.sh writes them. */
function dataSources(driver: string, port: number): string {
  const where = `Driver = ${driver}\nServer = 127.0.0.1\nPort = ${port}\nDatabase = ramal\n`
  return `[ramal]\n${where}\n[ramal-phones]\n${where}READ_TIMEOUT = 1\nWRITE_TIMEOUT = 1\nOption = 2\n`
}

function trunkSections(trunk: string, address: string, port: number): string {
  return `[${trunk}](trunk)
aors = ${trunk}

[${trunk}](trunk-aor)
contact = sip:${address}:${port}

[${trunk}](trunk-identify)
endpoint = ${trunk}
match = ${address}
`
}
