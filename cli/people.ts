import { addStaff, type NewPerson } from '../domain/accounts/new-staff.ts'
import { generatePassword } from '../domain/accounts/passwords.ts'
import { needsDeskPassword } from '../domain/accounts/credentials.ts'
import {
  disablePerson,
  enablePerson,
  findStaffMember,
  listStaff,
  setPassword,
  signOutEverywhere,
  type StaffMember,
} from '../domain/accounts/staff.ts'
import type { Database, Trx } from '../domain/database/pool.ts'
import type { Tenant } from '../domain/tenants/tenants.ts'
import { repeatable } from './arguments.ts'
import { databaseAction, noun, verb, type Output } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { formatCredentials, staffError } from './credentials.ts'
import { formatTime } from './dates.ts'
import { agentArgument, personArgument } from './person-argument.ts'
import type { ShellCommand } from './shell.ts'
import { table } from './tables.ts'
import { UserError } from './user-error.ts'

/** `person add | list | disable | enable | sign-out | password` */
export function personCommands(program: ShellCommand): void {
  const person = noun(program, 'person', 'the users of a company: agents, who have a phone, and managers')

  verb(person, 'add', 'adds people; generates their passwords and shows them once')
    .argument('<slug>', slugHelp)
    .option('--agent <"101 Name <e-mail>">', 'extension, name and e-mail; repeat it for more', repeatable(agentArgument))
    .option('--manager <"Name <e-mail>">', 'name and e-mail; repeat it for more', repeatable(personArgument))
    .action(databaseAction(add))

  verb(person, 'list', 'lists all people of a company').argument('<slug>', slugHelp).action(databaseAction(list))

  const change = (name: string, description: string, work: StaffChange) =>
    verb(person, name, description)
      .argument('<slug>', slugHelp)
      .argument('<e-mail>', 'the e-mail that the person signs in with')
      .action(databaseAction(async (db, slug: string, email: string) => changeStaffMember(db, slug, email, work)))

  change('disable', 'signs a person out everywhere and refuses their phones; calls in progress continue', async (trx, tenant, member) => {
    await disablePerson(trx, tenant.id, member, new Date())
    return { text: `${member.name} is signed out and disabled.`, json: { email: member.email, disabled: true } }
  })

  change('enable', 'lets a disabled person sign in again', async (trx, tenant, member) => {
    await enablePerson(trx, tenant.id, member)
    return { text: `${member.name} can sign in again.`, json: { email: member.email, disabled: false } }
  })

  change('sign-out', 'ends all sessions and phones of a person, as after a theft; the password stays', async (trx, _, member) => {
    await signOutEverywhere(trx, member, new Date())
    return { text: `${member.name} is signed out everywhere.`, json: { email: member.email, signedOut: true } }
  })

  change('password', 'generates a new password, shown once; ends all sessions and phones of the person', async (trx, tenant, member) => {
    const credential = { email: member.email, password: generatePassword() }
    await setPassword(trx, tenant.id, member, credential.password, new Date())
    return { text: formatCredentials([credential]), json: credential }
  })
}

async function add(
  db: Database,
  slug: string,
  { agent = [], manager = [] }: { agent?: NewPerson[]; manager?: NewPerson[] },
): Promise<Output> {
  if (agent.length + manager.length === 0) throw new UserError('--agent or --manager is missing.')
  return inCompany(db, slug, async (trx, tenant) => {
    const added = await addStaff(trx, tenant.id, [...manager, ...agent])
    if (added.kind !== 'added') throw staffError(added)
    return { text: formatCredentials(added.credentials), json: { people: added.credentials } }
  })
}

async function list(db: Database, slug: string): Promise<Output> {
  const tenant = await findCompany(db, slug)
  const staff = await listStaff(db, tenant.id)
  const rows = staff.map((member) => [
    member.name,
    member.email,
    member.role,
    member.extension ?? '',
    member.disabledAt ? `disabled since ${formatTime(member.disabledAt, tenant.time_zone)}` : '',
  ])
  return {
    text: table({ name: 'left', 'e-mail': 'left', role: 'left', extension: 'left', '': 'left' }, rows, 'No people yet.'),
    json: staff.map(({ name, email, role, extension, disabledAt }) => ({ name, email, role, extension, disabledAt })),
  }
}

type StaffChange = (trx: Trx, tenant: Tenant, member: StaffMember) => Promise<{ text: string; json: object }>

/** The output also says if the person's desk phone now needs a new password. */
async function changeStaffMember(db: Database, slug: string, email: string, work: StaffChange): Promise<Output> {
  return inCompany(db, slug, async (trx, tenant) => {
    const member = await findStaffMember(trx, tenant.id, email)
    if (!member) throw new UserError(`No person of ${tenant.name} signs in as ${email}. "ramal person list ${slug}" shows all people.`)
    const { text, json } = await work(trx, tenant, member)
    const needed = member.agentId !== null && (await needsDeskPassword(trx, tenant.id, member.agentId))
    return { text: needed ? `${text}\n${deskPhoneText(member)}` : text, json: { ...json, deskPhoneNeedsPassword: needed } }
  })
}

function deskPhoneText({ name }: StaffMember): string {
  return `The desk phone of ${name} needs a new password: ${name} makes one on the page "Telefone" (Phone) and types it into the phone.`
}
