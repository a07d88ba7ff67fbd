import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { checkout } from '../setup/cache.ts'

/** Source files of the checkout and what each imports, types too. Paths are relative to the checkout. */
export type Imports = Map<string, string[]>

const folders = '{domain,fastagi,worker,web,cli,dev,migrations,dialplan}'

export function readImports(): Imports {
  const sources = globSync(`${folders}/**/*.ts`, { cwd: checkout, exclude: ['web/public/**'] })
  return new Map(sources.map((file) => [file, importsOf(file)]))
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(checkout, file), 'utf8')
  const named = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
  const local = named.filter((name) => name.startsWith('.')).map((name) => join(dirname(file), name))
  return local.filter((name) => existsSync(join(checkout, name)))
}

/** The files themselves, and every file that reaches one of them through imports. */
export function dependents(imports: Imports, files: Iterable<string>): Set<string> {
  const importers = new Map<string, string[]>()
  for (const [importer, imported] of imports) {
    for (const file of imported) importers.set(file, [...(importers.get(file) ?? []), importer])
  }
  return reach(files, (file) => importers.get(file) ?? [])
}

/** The file itself, and every file that it reaches through imports. */
export function dependencies(imports: Imports, file: string): Set<string> {
  return reach([file], (from) => imports.get(from) ?? [])
}

function reach(from: Iterable<string>, next: (file: string) => string[]): Set<string> {
  const reached = new Set(from)
  // A set that grows while it is walked is walked to its end.
  for (const file of reached) for (const other of next(file)) reached.add(other)
  return reached
}
