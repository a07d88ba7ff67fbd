import type { Credential, StaffFault } from '../domain/accounts/new-staff.ts'
import { UserError } from './user-error.ts'

/** Passwords of new people, to be passed on: they are not shown again. */
export function formatCredentials(credentials: readonly Credential[]): string {
  return ['Passwords, shown once:', ...credentials.map(({ email, password }) => `  ${email.padEnd(36)} ${password}`)].join('\n')
}

export function staffError(fault: StaffFault): UserError {
  const { kind } = fault
  return new UserError(
    kind === 'email-taken'
      ? `${fault.email} signs in on this server already. Nothing has changed.`
      : `Extension ${fault.extension} is taken. Nothing has changed.`,
  )
}
