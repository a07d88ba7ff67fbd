import type { Database, Trx } from '../domain/database/pool.ts'
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
import type { Tenant } from '../domain/tenants/tenants.ts'
import { answering, noun, verb, type Answer } from './command.ts'
import { findCompany, inCompany, slugHelp } from './company.ts'
import { UserError } from './user-error.ts'
import { momentWords } from './dates.ts'
import { addPeople, credentialWords, newPassword, readAgent, readManager, type NewPerson } from './people-words.ts'
import type { ShellCommand } from './shell.ts'
import { table } from './tables.ts'
import { each } from './arguments.ts'

/** `person add | list | disable | enable | sign-out | password` */
export function personCommands(program: ShellCommand): void {
  const person = noun(program, 'person', 'who signs in: agents, who have a phone, and managers')

  verb(person, 'add', 'adds people; their passwords are made here and shown once')
    .argument('<slug>', slugHelp)
    .option('--agent <"101 Name <e-mail>">', 'extension, name and e-mail; again for each', each(readAgent))
    .option('--manager <"Name <e-mail>">', 'name and e-mail; again for each', each(readManager))
    .action(answering(add))

  verb(person, 'list', 'everybody of a company')
    .argument('<slug>', slugHelp)
    .action(
      answering(async (db, slug: string) => {
        const tenant = await findCompany(db, slug)
        return peopleAnswer(await listStaff(db, tenant.id), tenant)
      }),
    )

  verb(person, 'disable', 'signs somebody out everywhere and refuses their phones; calls in progress go on')
    .argument('<slug>', slugHelp)
    .argument('<e-mail>', 'with which the person signs in')
    .action(
      answering(async (db, slug: string, email: string) =>
        withPerson(db, slug, email, async (trx, tenant, person) => {
          await disablePerson(trx, tenant.id, person, new Date())
          return withDeskPhone(trx, tenant, person, {
            text: `${person.name} is signed out and disabled.`,
            json: { email: person.email, disabled: true },
          })
        }),
      ),
    )

  verb(person, 'enable', 'lets somebody sign in again')
    .argument('<slug>', slugHelp)
    .argument('<e-mail>', 'with which the person signs in')
    .action(
      answering(async (db, slug: string, email: string) =>
        withPerson(db, slug, email, async (trx, tenant, person) => {
          await enablePerson(trx, tenant.id, person)
          return withDeskPhone(trx, tenant, person, {
            text: `${person.name} can sign in again.`,
            json: { email: person.email, disabled: false },
          })
        }),
      ),
    )

  verb(person, 'sign-out', 'signs somebody out everywhere, their phones too, as after a theft; the password stays')
    .argument('<slug>', slugHelp)
    .argument('<e-mail>', 'with which the person signs in')
    .action(
      answering(async (db, slug: string, email: string) =>
        withPerson(db, slug, email, async (trx, tenant, person) => {
          await signOutEverywhere(trx, person, new Date())
          return withDeskPhone(trx, tenant, person, {
            text: `${person.name} is signed out everywhere.`,
            json: { email: person.email, signedOut: true },
          })
        }),
      ),
    )

  verb(person, 'password', 'makes a new password, shown once; the old one, its sessions and phones are over')
    .argument('<slug>', slugHelp)
    .argument('<e-mail>', 'with which the person signs in')
    .action(
      answering(async (db, slug: string, email: string) =>
        withPerson(db, slug, email, async (trx, tenant, person) => {
          const credential = { email: person.email, password: newPassword() }
          await setPassword(trx, tenant.id, person, credential.password, new Date())
          return withDeskPhone(trx, tenant, person, { text: credentialWords([credential]), json: credential })
        }),
      ),
    )
}

async function add(
  db: Database,
  slug: string,
  { agent = [], manager = [] }: { agent?: NewPerson[]; manager?: NewPerson[] },
): Promise<Answer> {
  if (agent.length + manager.length === 0) throw new UserError('Nobody to add: --agent or --manager is missing.')
  return inCompany(db, slug, async (trx, tenant) => {
    const credentials = await addPeople(trx, tenant.id, [...manager, ...agent])
    return { text: credentialWords(credentials), json: { people: credentials } }
  })
}

async function withPerson(
  db: Database,
  slug: string,
  email: string,
  work: (trx: Trx, tenant: Tenant, person: StaffMember) => Promise<Answer>,
): Promise<Answer> {
  return inCompany(db, slug, async (trx, tenant) => {
    const person = await findStaffMember(trx, tenant.id, email)
    if (!person)
      throw new UserError(`Nobody of ${tenant.name} signs in as ${email}. The command "person list ${tenant.slug}" shows who does.`)
    return work(trx, tenant, person)
  })
}

/** Adds to an answer that the desk phone, if the person has one, is silent until it gets a new password. */
async function withDeskPhone(
  trx: Trx,
  tenant: Tenant,
  person: StaffMember,
  { text, json }: { text: string; json: object },
): Promise<Answer> {
  const needed = person.agentId !== null && (await needsDeskPassword(trx, tenant.id, person.agentId))
  const words = `The desk phone of ${person.name} needs a new password: ${person.name} makes it on the site, on the page "Telefone" (Phone), and types it into the phone.`
  return { text: needed ? `${text}\n${words}` : text, json: { ...json, deskPhoneNeedsPassword: needed } }
}

function peopleAnswer(people: StaffMember[], tenant: Tenant): Answer {
  const rows = people.map((person) => [
    person.name,
    person.email,
    person.role,
    person.extension ?? '',
    person.disabledAt ? `disabled since ${momentWords(person.disabledAt, tenant.time_zone)}` : '',
  ])
  return {
    text: table({ name: 'left', 'e-mail': 'left', role: 'left', extension: 'left', '': 'left' }, rows, 'Nobody yet.'),
    json: people.map(({ name, email, role, extension, disabledAt }) => ({ name, email, role, extension, disabledAt })),
  }
}
