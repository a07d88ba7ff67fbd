import { constants } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fault, ok, warning, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** Asterisk takes a call file at once, and the worker takes a recording after its call. */
export const waitsAtMostMs = 60_000
const recordingWaitsAtMostMs = 24 * 3600_000

/** Checks for call files that wait for Asterisk, and raw recordings that wait for the worker. */
export async function checkSpool({ config, now }: Server): Promise<Finding[]> {
  const [staged, outgoing] = [join(config.spoolDir, 'tmp'), join(config.spoolDir, 'outgoing')]
  for (const directory of [staged, outgoing]) {
    if (
      !(await access(directory, constants.W_OK).then(
        () => true,
        () => false,
      ))
    )
      return [
        fault(
          `${directory} does not exist or cannot be written, so clicks cannot become calls`,
          'systemd-tmpfiles --create /etc/tmpfiles.d/ramal.conf creates it, with the access lists of ramal-web and ramal-worker',
        ),
      ]
  }
  const findings: Finding[] = []
  if ((await stat(staged)).dev !== (await stat(outgoing)).dev)
    findings.push(
      fault(
        `${staged} and ${outgoing} are on two file systems, so Asterisk can read a half-written call file`,
        'put both directories on one file system',
      ),
    )
  const waiting = await olderThan(outgoing, '.call', now.getTime() - waitsAtMostMs)
  if (waiting > 0)
    findings.push(
      fault(
        `${waiting} call files wait in ${outgoing} for more than a minute: Asterisk does not take them`,
        'delete these files, because no agent waits for these calls now; then: asterisk -rx "module load pbx_spool.so"; RAMAL_SPOOL_DIR must be the astspooldir of asterisk.conf',
      ),
    )
  const unstored = await olderThan(config.monitorDir, '.finished', now.getTime() - recordingWaitsAtMostMs)
  if (unstored > 0)
    findings.push(
      warning(
        `${unstored} recordings wait in ${config.monitorDir} for more than a day, so they cannot be played`,
        'journalctl -u ramal-worker shows why they cannot be stored',
      ),
    )
  return findings.length > 0 ? findings : [ok('call files and recordings do not wait')]
}

/** The number of files with that extension last written before `beforeMs`. */
export async function olderThan(directory: string, extension: string, beforeMs: number): Promise<number> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith(extension))
  const times = await Promise.all(
    names.map((name) =>
      stat(join(directory, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => Infinity,
      ),
    ),
  )
  return times.filter((time) => time < beforeMs).length
}
