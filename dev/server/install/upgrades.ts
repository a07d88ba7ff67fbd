import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { until } from '../../flows/until.ts'
import { workingCopy, type InstalledServer } from './installed-server.ts'

/** Newer versions change the tables: one that works, and those that fail. */
export async function upgrades(t: Test, { install, sql, serves, copyOf, migration, facts, machine }: InstalledServer): Promise<void> {
  await t.test('tables change, and the data stays', async (t) => {
    const before = await facts()
    copyOf('grown', workingCopy())
    migration('grown', '900-good', 'alter table tenants add column favourite_colour varchar(10) not null default "blue"')
    const { code, output } = await install('grown', '--yes')
    t.equal(code, 0, output)
    t.match(output, 'change the tables: 900-good')
    t.match((await sql('select favourite_colour from ramal.tenants')).output, 'blue')
    t.same(await facts(), before)
    await serves(t)
  })

  await t.test('if a migration fails, the old version serves again, with its tables and its data', async (t) => {
    const [before, version] = [await facts(), await machine.run('readlink', '/opt/ramal/current')]
    copyOf('broken', workingCopy())
    migration('broken', '900-good', 'alter table tenants add column favourite_colour varchar(10) not null default "blue"')
    migration('broken', '901-half', 'alter table tenants drop column favourite_colour')
    migration('broken', '902-fails', 'alter table tenants add column name varchar(1)')
    const { code, output } = await install('broken', '--yes')
    t.equal(code, 1, output)
    t.match(output, /Duplicate column name 'name'/)
    t.match(output, 'works again')
    t.same(await machine.run('readlink', '/opt/ramal/current'), version)
    t.match((await sql('select favourite_colour from ramal.tenants')).output, 'blue', 'the first half is undone')
    t.same(await facts(), before)
    await serves(t)
    t.match((await machine.run('ls', '/var/lib/ramal/upgrades')).output, /-failed-.*\.sql\.gz/)
    // The release that failed is one too many: the oldest goes, and nothing else changes.
    t.match(await install('grown', '--yes'), {
      code: 0,
      output: /old releases\n {2}(unchanged\nRamal \S+: 0|remove \S+\nRamal \S+: 1) changes\./,
    })
  })

  await t.test('if a version does not start, the earlier one serves again', async (t) => {
    const [before, version] = [await facts(), await machine.run('readlink', '/opt/ramal/current')]
    copyOf('dead', workingCopy())
    migration('dead', '900-good', 'alter table tenants add column favourite_colour varchar(10) not null default "blue"')
    migration('dead', '901-good', 'create table left_behind (id int primary key)')
    writeFileSync(join(machine.share('dead'), 'web/main.ts'), 'throw new Error("this version is dead")\n')
    const { code, output } = await install('dead', '--yes')
    t.equal(code, 1, output)
    t.match(output, /does not answer/)
    t.match(output, 'works again')
    t.same(await machine.run('readlink', '/opt/ramal/current'), version)
    t.match((await sql('show tables from ramal like "left_behind"')).output, /^$/)
    t.same(await facts(), before)
    await serves(t)
  })

  await t.test('the next run repairs one that was killed while the tables changed', async (t) => {
    const before = await facts()
    copyOf('slow', workingCopy())
    migration('slow', '900-good', 'alter table tenants add column favourite_colour varchar(10) not null default "blue"')
    migration('slow', '901-half', 'alter table tenants drop column favourite_colour')
    migration('slow', '902-slow', 'select sleep(600)')
    const running = install('slow', '--yes')
    await until('the slow migration to run', async () => (await sql('show processlist')).output.includes('select sleep(600)'), 120_000)
    await machine.run('pkill', '-KILL', '-f', 'systemd/install')
    await machine.run('pkill', '-KILL', '-f', 'migrate.ts')
    await running
    // A power cut would have ended it, too.
    const { output: left } = await sql("select id from information_schema.processlist where info = 'select sleep(600)'")
    await sql(`kill ${left.trim()}`)
    const { code, output } = await install('grown', '--yes')
    t.equal(code, 0, output)
    t.match(output, 'was interrupted')
    t.match((await sql('select favourite_colour from ramal.tenants')).output, 'blue')
    t.same(await facts(), before)
    await serves(t)
  })
}
