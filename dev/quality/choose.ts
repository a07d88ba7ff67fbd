import { SetupFailure } from '../setup/failure.ts'
import { changedFiles, touchedTests } from './changed.ts'
import { levels, type Level } from './levels.ts'

export interface Choice {
  tests: string[]
  /** Whether types, lint and format are checked too. */
  checks: boolean
}

/** What the words after `npm test --` ask for: nothing (all), `changed`, levels, folders or files. */
export function choose(words: string[], tests: Map<string, Level>): Choice {
  const all = [...tests]
  if (words.length === 0) return { tests: all.filter(([, level]) => !level.onlyWhenNamed).map(([file]) => file), checks: true }
  const chosen = new Set<string>()
  for (const word of words) {
    const found = word === 'changed' ? touchedTests(changedFiles(), tests) : named(word, tests)
    for (const file of found) chosen.add(file)
  }
  return { tests: all.map(([file]) => file).filter((file) => chosen.has(file)), checks: words.includes('changed') }
}

function named(word: string, tests: Map<string, Level>): string[] {
  const folder = word.replace(/^\.\//, '').replace(/\/$/, '')
  const isLevel = levels.some(({ name }) => name === word)
  const matches = ([file, level]: [string, Level]) =>
    isLevel ? level.name === word : file === folder || (file.startsWith(`${folder}/`) && !level.onlyWhenNamed)
  const found = [...tests].filter(matches).map(([file]) => file)
  if (found.length > 0) return found
  throw new SetupFailure(`${word} is no level, folder or file with tests. Levels: ${levels.map(({ name }) => name).join(', ')}`)
}
