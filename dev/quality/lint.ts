/**
 * Lints what may have changed: `dev/run dev/quality/lint.ts`. The rules know types, so what eslint says of a file depends on every file
 * that it imports. A file is clean as long as it, its imports, the rules and the libraries are the same as when it was last clean.
 */
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ESLint } from 'eslint'
import { checkout } from '../setup/cache.ts'
import { dependencies, readImports } from './imports.ts'

const cleanFile = join(checkout, 'node_modules/.cache/lint-clean.json')

const eslint = new ESLint({ cwd: checkout })
const known = new Set(existsSync(cleanFile) ? (JSON.parse(readFileSync(cleanFile, 'utf8')) as string[]) : [])
const fingerprints = fingerprintsOf(await lintedFiles())
const changed = [...fingerprints].filter(([, fingerprint]) => !known.has(fingerprint)).map(([file]) => file)
const results = changed.length === 0 ? [] : await eslint.lintFiles(changed)
const faulty = new Set(results.filter((result) => result.messages.length > 0).map(({ filePath }) => filePath))
const clean = [...fingerprints].filter(([file]) => !faulty.has(join(checkout, file))).map(([, fingerprint]) => fingerprint)
mkdirSync(dirname(cleanFile), { recursive: true })
writeFileSync(cleanFile, JSON.stringify(clean))
const formatter = await eslint.loadFormatter('stylish')
process.stdout.write(await formatter.format(results))
process.exitCode = faulty.size === 0 ? 0 : 1

async function lintedFiles(): Promise<string[]> {
  const files = globSync(['*.js', '.*.js', '{domain,fastagi,worker,web,cli,dev,migrations,dialplan,systemd}/**/*.{js,mjs,cjs,ts}'], {
    cwd: checkout,
  })
  const linted: string[] = []
  for (const file of files.sort()) if (!(await eslint.isPathIgnored(join(checkout, file)))) linted.push(file)
  return linted
}

function fingerprintsOf(files: string[]): Map<string, string> {
  const imports = readImports()
  const hashes = new Map<string, string>()
  const hash = (file: string) => {
    const kept = hashes.get(file) ?? sha256(readFileSync(join(checkout, file)))
    hashes.set(file, kept)
    return kept
  }
  const global = [
    'package-lock.json',
    'eslint.config.js',
    ...globSync(['**/tsconfig.json', '**/*.d.ts'], { cwd: checkout, exclude: notOurs }),
  ]
  const rules = global.map(hash).join()
  return new Map(files.map((file) => [file, sha256([file, rules, ...[...dependencies(imports, file)].sort().map(hash)].join())]))
}

function notOurs(path: string): boolean {
  return path === 'node_modules' || path === '.tap'
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('base64url')
}
