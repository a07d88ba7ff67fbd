import type { CompanyUser, User } from '../../domain/accounts/users.ts'

/** An item of the navigation; its label is `nav.<section>`. */
export interface MenuItem {
  section: string
  href: string
  icon: string
}

const item = (section: string, icon = section): MenuItem => ({ section, href: `/${section}`, icon })

export function menuItems({ role, agentId }: CompanyUser): MenuItem[] {
  return [
    ...['contacts', 'lists', 'tasks', 'calls'].map((section) => item(section)),
    ...(agentId === null ? [] : [item('phone')]),
    ...(role === 'manager' ? [item('balance'), item('do-not-call', 'barred'), item('rules')] : []),
  ]
}

/** Key → name of what it does, in the order of the sheet. */
const pageKeys = [
  ['/', 'search'],
  ['j', 'next'],
  ['k', 'previous'],
] as const
const phoneKeys = [
  ['c', 'call'],
  ['y', 'answer'],
  ['x', 'decline'],
  ['m', 'mute'],
  ['h', 'hold'],
  ['g', 'record'],
  ['d', 'keypad'],
  ['t', 'transfer'],
  ['p', 'panel'],
  ['r', 'wrap-up'],
  ['a', 'note'],
  ['n', 'next-contact'],
  ['s', 'skip'],
  ['l', 'call-later'],
] as const
const sheetKeys = [
  ['Esc', 'close'],
  ['?', 'shortcuts'],
] as const

/** The keys that do something on this user's pages. */
export function shortcuts({ agentId }: User): (readonly [key: string, name: string])[] {
  return [...pageKeys, ...(agentId === null ? [] : phoneKeys), ...sheetKeys]
}
