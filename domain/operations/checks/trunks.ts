import { exampleOf } from '../../telephony/number-form.ts'
import { listTenantsWithoutTrunk, listTrunks, type Trunk } from '../../telephony/trunks.ts'
import { showEndpoint } from './endpoints.ts'
import { fault, ok, warning, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const guide = 'docs/add-a-carrier.md has an example'

/** Checks that Asterisk has the endpoints of all trunks in use, and that the carriers answer and accept the registrations. */
export async function checkTrunks({ asterisk, db }: Server): Promise<Finding[]> {
  const trunks = (await listTrunks(db)).filter(({ enabled }) => enabled === 1)
  const endpoints = new Set(trunks.map(({ endpoint }) => endpoint))
  if (endpoints.size === 0)
    return [
      fault(
        'no trunk is enabled, so no call can leave',
        `add the carrier to local/trunks.conf (${guide}), then: ramal trunk add all <endpoint>`,
      ),
    ]
  const findings: Finding[] = []
  for (const { slug } of await listTenantsWithoutTrunk(db))
    findings.push(
      warning(`no enabled trunk serves ${slug}, so its calls cannot leave, not even to 190`, `ramal trunk add ${slug} <endpoint>`),
    )
  for (const endpoint of endpoints) {
    const ofEndpoint = trunks.filter((trunk) => trunk.endpoint === endpoint)
    findings.push(reachable(endpoint, ofEndpoint, await showEndpoint(asterisk, endpoint)))
  }
  for (const [, name = '', status = ''] of (await asterisk('pjsip show registrations')).matchAll(
    /^ (\S+?)\/\S+\s+\S+\s+(Registered|Unregistered|Rejected|Stopped)\b/gm,
  )) {
    if (status === 'Registered') findings.push(ok(`${name} is registered`))
    else
      findings.push(
        fault(
          `the carrier of ${name} does not accept the registration (${status}), so incoming calls do not arrive`,
          `compare user, password and server_uri in local/trunks.conf with the data from the carrier; ${guide}; then: asterisk -rx "core reload"`,
        ),
      )
  }
  return findings
}

function reachable(endpoint: string, trunks: readonly Trunk[], shown: string | null): Finding {
  if (shown === null)
    return fault(
      `Asterisk has no endpoint ${endpoint}, so calls take the next trunk`,
      `add [${endpoint}] to local/trunks.conf (${guide}), then: asterisk -rx "core reload"; or: ramal trunk remove <company or all> ${endpoint}`,
    )
  const contacts = [...shown.matchAll(/^\s+Contact:\s+\S+\s+\S+\s+(Avail|Unavail|NonQual|Unknown)\b/gm)].map(([, status]) => status)
  if (contacts.length === 0)
    return fault(
      `${endpoint} has no address, so calls take the next trunk`,
      `add a contact to [${endpoint}](trunk-aor) in local/trunks.conf; ${guide}`,
    )
  const calledIn = calledInOf(shown)
  if (calledIn !== undefined && calledIn !== 'to')
    return fault(
      `${endpoint} has RAMAL_CALLED_IN=${calledIn}, which has no effect: Ramal reads the called number from the request URI`,
      `use the template did-in-to in local/trunks.conf (${guide}), then: asterisk -rx "core reload"`,
    )
  if (contacts.includes('Avail')) return ok([`${endpoint} answers`, ...habits(trunks, shown)].join('; '))
  if (contacts.includes('Unavail'))
    return fault(
      `${endpoint} does not answer, so calls take the next trunk`,
      'check its address in local/trunks.conf, the firewall (ramal check firewall), and that the carrier knows the address of this server',
    )
  return warning(
    `it is not known yet whether ${endpoint} answers`,
    'check again in 15 s; its aor must use the template trunk-aor, which makes Asterisk ask every 15 s',
  )
}

/** Where a carrier puts or wants the numbers of a call, if it differs from the usual. */
function habits(trunks: readonly Trunk[], shown: string): string[] {
  const dialled = new Set(trunks.filter((trunk) => exampleOf(trunk) !== usualExample).map(exampleOf))
  return [
    ...[...dialled].map((example) => `(11) 98765-4321 is dialled as ${example}`),
    ...(trunks.some((trunk) => trunk.special_caller_ids === 1) ? ['calls may show 0303, 0800 and 4004'] : []),
    ...(calledInOf(shown) === 'to' ? ['the called number comes in To'] : []),
    ...(/^ *trust_id_inbound +: true/m.test(shown) ? ["the caller's number comes in P-Asserted-Identity"] : []),
  ]
}

const usualExample = exampleOf({ number_form: 'e164', number_prefix: '' })

/** The channel variable of the template did-in-to. */
function calledInOf(shown: string): string | undefined {
  return /^ *RAMAL_CALLED_IN +: (.*)$/m.exec(shown)?.[1]?.trim()
}
