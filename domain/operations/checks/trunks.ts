import { listTenantsWithoutTrunk, listTrunks } from '../../telephony/trunks.ts'
import { showEndpoint } from './endpoints.ts'
import { fault, ok, warning, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const guide = 'docs/add-a-carrier.md shows the form'

/** Checks that Asterisk has the endpoints of all trunks in use, and that the carriers answer and accept its registration. */
export async function askTrunks({ asterisk, db }: Server): Promise<Finding[]> {
  const endpoints = new Set((await listTrunks(db)).filter(({ enabled }) => enabled === 1).map(({ endpoint }) => endpoint))
  if (endpoints.size === 0)
    return [
      fault(
        'there is no trunk that is switched on: no call can leave',
        `add the carrier to local/trunks.conf (${guide}), then: ramal trunk add all <its endpoint>`,
      ),
    ]
  const findings: Finding[] = []
  for (const { slug } of await listTenantsWithoutTrunk(db))
    findings.push(
      warning(
        `no trunk that is switched on serves ${slug}: none of its calls can leave, not even to 190`,
        `ramal trunk add ${slug} <endpoint>`,
      ),
    )
  for (const endpoint of endpoints) findings.push(reachable(endpoint, await showEndpoint(asterisk, endpoint)))
  for (const [, name = '', status = ''] of (await asterisk('pjsip show registrations')).matchAll(
    /^ (\S+?)\/\S+\s+\S+\s+(Registered|Unregistered|Rejected|Stopped)\b/gm,
  )) {
    if (status === 'Registered') findings.push(ok(`${name} is registered`))
    else
      findings.push(
        fault(
          `the carrier of ${name} does not accept its registration (${status})`,
          `compare user, password and server_uri in local/trunks.conf with the carrier's letter; ${guide}; then: asterisk -rx "core reload"`,
        ),
      )
  }
  return findings
}

function reachable(endpoint: string, shown: string | null): Finding {
  if (shown === null)
    return fault(
      `Asterisk has no endpoint ${endpoint}, which calls are to try`,
      `add [${endpoint}] to local/trunks.conf (${guide}), then: asterisk -rx "core reload"; or: ramal trunk remove`,
    )
  const contacts = [...shown.matchAll(/^\s+Contact:\s+\S+\s+\S+\s+(Avail|Unavail|NonQual|Unknown)\b/gm)].map(([, status]) => status)
  if (contacts.length === 0)
    return fault(`${endpoint} has no address to call`, `give its [${endpoint}](trunk-aor) a contact in local/trunks.conf; ${guide}`)
  if (contacts.includes('Avail')) return ok(`${endpoint} answers`)
  if (contacts.includes('Unavail'))
    return fault(
      `${endpoint} does not answer: calls go past it`,
      'is its address right, does the firewall let its answers in, does the carrier know this address?',
    )
  return warning(
    `it is not known whether ${endpoint} answers`,
    'its aor is made from the template trunk-aor, which asks every 15 s; look again in a moment',
  )
}
