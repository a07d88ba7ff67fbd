import type { NewNumber } from '../numbers.ts'
import type { NumbersOfRow } from './read-numbers.ts'

/**
 * The people of a row. RD Station writes the contacts of a deal into one cell, and their numbers into another: as many full names as
 * the one cell of numbers has numbers are as many people. In any other row all numbers belong to one person.
 */
export function namesOf(name: string, { numbers, leftOut }: NumbersOfRow): { name: string; numbers: NewNumber[] }[] {
  const names = name.split(/\s*[,;/|]\s*/)
  const inOneCell = numbers.every(({ column }) => column === numbers[0]?.column)
  const areFull = names.every((each) => /^\p{L}\S*\s+\S*\p{L}/u.test(each))
  if (names.length < 2 || names.length !== numbers.length || leftOut.length > 0 || !inOneCell || !areFull) return [{ name, numbers }]
  return numbers.map((number, n) => ({ name: names[n] ?? '', numbers: [number] }))
}
