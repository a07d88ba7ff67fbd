import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accounts, type Account } from '../../database/grants.ts'
import { compareRights, heldRights } from '../../database/rights.ts'
import { fault, ok, warning, type Finding } from './finding.ts'
import { processNames, processSettings } from './process-settings.ts'
import type { Server } from './server.ts'

const mend = 'run systemd/install: it grants what this version needs, and revokes the rest'
/** A superuser has hundreds of rights: show only some. */
const shownAtMost = 6

/** Checks that each of our processes, and Asterisk, has the database rights it needs, and no others. */
export async function checkDatabaseRights({ config }: Server): Promise<Finding[]> {
  const urls: [Account, string | undefined][] = [['asterisk', await asteriskUrl(config.asteriskConfigDir)]]
  for (const name of processNames) urls.push([name, (await processSettings(config.settingsDir, name))?.['RAMAL_DATABASE_URL']])
  const findings = (await Promise.all(urls.map(async ([account, url]) => (url === undefined ? [] : compareOne(account, url))))).flat()
  const { beyond, user } = await heldRights(config.databaseUrl)
  if (!beyond.some((right) => /^(process|all privileges) on \*\.\*$/.test(right)))
    findings.push(
      warning(
        `${user} cannot see other connections to the database, so a restore does not notice processes that still run`,
        'run systemd/install: it grants PROCESS',
      ),
    )
  return findings.length > 0
    ? findings
    : [ok(`${urls.map(([account]) => accounts[account]).join(', ')} have the rights that they need, and no others`)]
}

async function compareOne(account: Account, url: string): Promise<Finding[]> {
  const held = await heldRights(url).catch((error: NodeJS.ErrnoException) => error.code ?? error.message)
  if (typeof held === 'string') return [fault(`the database refuses the user ${accounts[account]}: ${held}`, mend)]
  const { missing, excess } = compareRights(account, held)
  const findings: Finding[] = []
  if (missing.length > 0) findings.push(fault(`${held.user} lacks rights that it needs: ${firstOf(missing)}`, mend))
  if (excess.length > 0) findings.push(fault(`${held.user} has rights that it does not need: ${firstOf(excess)}`, mend))
  return findings
}

function firstOf(rights: string[]): string {
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
