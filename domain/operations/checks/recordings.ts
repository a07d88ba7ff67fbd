import { stat } from 'node:fs/promises'
import { keptSince, listKeptRaw, listRawFiles, rawKeptDays } from '../../recordings/retention.ts'
import { ok, warning, type Finding } from './finding.ts'
import type { Server } from './server.ts'

/** Reports recordings that are incomplete or unreadable, and the disk space of their raw files until those are deleted. */
export async function checkRecordings({ config, db, now }: Server): Promise<Finding[]> {
  const kept = await listKeptRaw(db)
  if (kept.length === 0) return [ok('every recording is complete')]
  let bytes = 0
  for (const { callId } of kept)
    for (const file of await listRawFiles(db, config.monitorDir, callId))
      bytes += await stat(file).then(
        ({ size }) => size,
        () => 0,
      )
  const incomplete = kept.filter(({ path }) => path !== null).length
  const fresh = kept.filter(({ since }) => since > keptSince(1, now)).length
  return [
    warning(
      `${incomplete} recordings lack a part of their talk and ${kept.length - incomplete} cannot be read, ${fresh} of them since yesterday; their raw files use ${(bytes / 1024 ** 2).toFixed(1)} MiB of ${config.monitorDir}, and are deleted after ${rawKeptDays} days`,
      'docs/operate.md, "Incomplete recordings"; if the disk is almost full, free space first (ramal check disk)',
    ),
  ]
}
