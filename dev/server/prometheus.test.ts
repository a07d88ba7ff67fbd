import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { checkout } from '../setup/cache.ts'
import { terminalProgress } from '../setup/progress.ts'
import { UnpackedPrograms } from '../setup/unpacked-programs.ts'
import { runProgram, type ProgramResult } from './run-program.ts'

const programs = await UnpackedPrograms.ensure(terminalProgress())
const folder = mkdtempSync(join(tmpdir(), 'ramal-prometheus-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
cpSync(join(checkout, 'systemd/prometheus'), folder, { recursive: true })
const rules = readFileSync(join(folder, 'ramal.rules.yml'), 'utf8')

t.test('promtool accepts the configuration and its rules, and finds the fault in a wrong one', async (t) => {
  const well = await promtool('check', 'config', 'prometheus.yml')
  t.equal(well.code, 0, well.output)
  t.match(well.output, /SUCCESS: \d+ rules found/)
  writeFileSync(join(folder, 'wrong.yml'), rules.replace('ramal_leases_overdue > 0', 'ramal_leases_overdue >'))
  t.match(await promtool('check', 'rules', 'wrong.yml'), { code: 1, output: /could not parse expression/ })
})

t.test('each alert fires when it should, and none on a healthy server', async (t) => {
  const well = await promtool('test', 'rules', 'ramal.rules.test.yml')
  t.same(well.code, 0, well.output)
})

t.test('the guide explains each alert', (t) => {
  const guide = readFileSync(join(checkout, 'docs/operate.md'), 'utf8')
  const alerts = [...rules.matchAll(/- alert: (\S+)/g)].map(([, name = '']) => name)
  t.ok(alerts.length > 10)
  for (const name of alerts) t.ok(guide.includes(name), name)
  t.end()
})

function promtool(...args: string[]): Promise<ProgramResult> {
  const { file, env } = programs.command('promtool')
  return runProgram(file, args, { cwd: folder, env })
}
