import { access } from 'node:fs/promises'
import { fault, ok, type Finding } from './finding.ts'
import { runBounded } from './run-bounded.ts'
import type { Server } from './server.ts'

const ourJails = ['ramal-sip', 'ramal-sign-in']
const restart = 'systemctl restart fail2ban, and journalctl -u fail2ban'

/** Checks that the jails run, and that the firewall has every address they banned. */
export async function compareBans(_: Server, jailFile = '/etc/fail2ban/jail.d/ramal.conf'): Promise<Finding[]> {
  const isHere = await access(jailFile).then(
    () => true,
    () => false,
  )
  if (!isHere) return [ok('it has no jails of Ramal on this machine')]
  const status = await ask('status')
  if (status === null) return [fault('it does not answer: who guesses passwords is not sent away', restart)]
  const jails = (/Jail list:(.*)/.exec(status)?.[1] ?? '').split(',').map((name) => name.trim())
  const missing = ourJails.filter((name) => !jails.includes(name))
  if (missing.length > 0) return [fault(`these jails do not run: ${missing.join(', ')}`, restart)]
  const table = await runBounded('nft', ['list', 'table', 'inet', 'f2b-table'], { timeoutMs: 10_000 })
  const known = new Set(table.stdout.split(/[\s,{}]+/))
  const banned = new Set<string>()
  for (const jail of jails.filter((name) => name !== ''))
    for (const address of ((await ask('get', jail, 'banip')) ?? '').split(/\s+/)) if (address !== '') banned.add(address)
  const free = [...banned].filter((address) => !known.has(address))
  if (free.length === 0) return [ok(`${ourJails.join(' and ')} run; ${banned.size} addresses are banned`)]
  return [fault(`the firewall does not know ${free.length} of the ${banned.size} addresses that it has banned`, restart)]
}

/** Null if fail2ban does not answer. */
function ask(...args: string[]): Promise<string | null> {
  return runBounded('fail2ban-client', args, { timeoutMs: 10_000 }).then(
    ({ code, stdout }) => (code === 0 ? stdout : null),
    () => null,
  )
}
