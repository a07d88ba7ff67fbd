import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accounts, type Account } from '../../database/grants.ts'
import { compareRights, heldRights } from '../../database/rights.ts'
import { fault, ok, warning, type Finding } from './finding.ts'
import { processNames, processSettings } from './process-settings.ts'
import type { Server } from './server.ts'

const mend = 'systemd/install gives each user what this version needs, and takes the rest'
/** A superuser has hundreds of rights: show only some. */
const shownAtMost = 6

/** Checks that each of our processes, and Asterisk, has the database rights it needs, and no others. */
export async function compareDatabaseRights({ config }: Server): Promise<Finding[]> {
  const urls: [Account, string | undefined][] = [['asterisk', await asteriskUrl(config.asteriskConfigDir)]]
  for (const name of processNames) urls.push([name, (await processSettings(config.settingsDir, name))?.['RAMAL_DATABASE_URL']])
  const findings = (await Promise.all(urls.map(async ([account, url]) => (url === undefined ? [] : compareOne(account, url))))).flat()
  const { beyond, user } = await heldRights(config.databaseUrl)
  if (!beyond.some((right) => /^(process|all privileges) on \*\.\*$/.test(right)))
    findings.push(
      warning(
        `${user} does not see who is connected to the database: a restore does not notice processes that still run`,
        'systemd/install grants PROCESS',
      ),
    )
  return findings.length > 0
    ? findings
    : [ok(`${urls.map(([account]) => accounts[account]).join(', ')} may do what they need, and no more`)]
}

async function compareOne(account: Account, url: string): Promise<Finding[]> {
  const held = await heldRights(url).catch((error: NodeJS.ErrnoException) => error.code ?? error.message)
  if (typeof held === 'string') return [fault(`the database lets ${accounts[account]} not in: ${held}`, mend)]
  const { missing, excess } = compareRights(account, held)
  const findings: Finding[] = []
  if (missing.length > 0) findings.push(fault(`${held.user} may not do what it has to do: ${some(missing)}`, mend))
  if (excess.length > 0) findings.push(fault(`${held.user} may do more than it has to do: ${some(excess)}`, mend))
  return findings
}

function some(rights: string[]): string {
  const left = rights.length - shownAtMost
  return rights.slice(0, shownAtMost).join(', ') + (left > 0 ? `, and ${left} more` : '')
}

/** As Asterisk connects: odbc.conf has the password, odbc.ini the server and the database. */
async function asteriskUrl(configDir: string): Promise<string | undefined> {
  const read = (name: string) => readFile(join(configDir, 'local', name), 'utf8').catch(() => '')
  const [conf, ini] = [await read('odbc.conf'), await read('odbc.ini')]
  const value = (text: string, key: string) => new RegExp(`^${key} *=>? *(.+)$`, 'm').exec(text)?.[1]?.trim() ?? ''
  const [user, password] = [value(conf, 'username'), value(conf, 'password')].map(encodeURIComponent)
  if (user === '') return undefined
  return `mysql://${user}:${password}@${value(ini, 'Server')}:${value(ini, 'Port')}/${value(ini, 'Database')}`
}
