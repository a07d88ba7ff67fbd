import { access } from 'node:fs/promises'
import { fault, ok, type Finding } from './finding.ts'
import { runBounded } from './run-bounded.ts'
import type { Server } from './server.ts'

const ourJails = ['ramal-sip', 'ramal-sign-in']
const restart = 'systemctl restart fail2ban; if that fails: journalctl -u fail2ban'

/** Checks that the jails run, and that the firewall has every address they banned. */
export async function checkFail2ban(_: Server, jailFile = '/etc/fail2ban/jail.d/ramal.conf'): Promise<Finding[]> {
  const isUsed = await access(jailFile).then(
    () => true,
    () => false,
  )
  if (!isUsed) return [ok('not used for Ramal on this machine')]
  const status = await ask('status')
  if (status === null) return [fault('it does not answer, so addresses that guess passwords are not banned', restart)]
  const jails = (/Jail list:(.*)/.exec(status)?.[1] ?? '').split(',').map((name) => name.trim())
  const missing = ourJails.filter((name) => !jails.includes(name))
  if (missing.length > 0)
    return [fault(`these jails do not run, so addresses that guess passwords are not banned: ${missing.join(', ')}`, restart)]
  const table = await runBounded('nft', ['list', 'table', 'inet', 'f2b-table'], { timeoutMs: 10_000 })
  const blocked = new Set(table.stdout.split(/[\s,{}]+/))
  const banned = new Set<string>()
  for (const jail of jails.filter((name) => name !== ''))
    for (const address of ((await ask('get', jail, 'banip')) ?? '').split(/\s+/)) if (address !== '') banned.add(address)
  const unblocked = [...banned].filter((address) => !blocked.has(address))
  if (unblocked.length === 0) return [ok(`${ourJails.join(' and ')} run; ${banned.size} addresses are banned`)]
  return [fault(`the firewall does not block ${unblocked.length} of the ${banned.size} banned addresses`, restart)]
}

/** Null if fail2ban does not answer. */
function ask(...args: string[]): Promise<string | null> {
  return runBounded('fail2ban-client', args, { timeoutMs: 10_000 }).then(
    ({ code, stdout }) => (code === 0 ? stdout : null),
    () => null,
  )
}
