import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, ok, type Finding } from './finding.ts'
import { runBounded } from './run-bounded.ts'
import type { Server } from './server.ts'

const reload = 'systemctl reload-or-restart ramal-firewall; if that fails: journalctl -u ramal-firewall'

/** Checks that the firewall table is loaded, and each file in which the operator allows addresses. */
export async function checkFirewall(_: Server, settings = '/etc/ramal'): Promise<Finding[]> {
  const read = (name: string) => readFile(join(settings, name), 'utf8').catch(() => '')
  if ((await read('ramal.nft')) === '' || /^firewall=no$/m.test(await read('install.env')))
    return [ok('not managed by Ramal on this machine')]
  const table = await nft('list', 'table', 'inet', 'ramal')
  if (table.code !== 0)
    return [
      fault(`its table is not loaded, so every open port of this machine can be reached from outside: ${firstLine(table.stderr)}`, reload),
    ]
  const directory = join(settings, 'nftables.d')
  const files = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.nft')).sort()
  const faults: Finding[] = []
  for (const name of files) {
    const file = join(directory, name)
    const reason = await whyNotLoaded(file)
    if (reason !== null)
      faults.push(fault(`${file} is not loaded, so its addresses may be blocked: ${reason}`, `correct the file, then: ${reload}`))
  }
  return faults.length > 0
    ? faults
    : [ok(files.length === 0 ? 'closed; no carrier is allowed yet' : `closed, except for ${files.join(', ')}`)]
}

/** Null if nft accepts the file and the table has all its addresses. */
async function whyNotLoaded(file: string): Promise<string | null> {
  const checked = await nft('-c', '-f', file)
  if (checked.code !== 0) return firstLine(checked.stderr)
  for (const [, set = '', elements = ''] of (await readFile(file, 'utf8')).matchAll(/^\s*add element inet ramal (\w+) (\{[^}]*\})/gm)) {
    const found = await nft('get', 'element', 'inet', 'ramal', set, elements)
    if (found.code !== 0) return `${set} lacks some of ${elements.replaceAll(/\s+/g, ' ')}`
  }
  return null
}

function nft(...args: string[]) {
  return runBounded('nft', args, { timeoutMs: 10_000 })
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? ''
}
