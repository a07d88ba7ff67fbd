import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify, type Options } from 'csv-stringify'
import type { Response } from 'express'
import type { Log } from '../../domain/runtime/log.ts'

interface Sheet {
  /** Without its ending. */
  name: string
  format: Options
  lines: AsyncIterable<readonly unknown[]>
}

/** Sends a sheet line by line. Reads the next line when the browser has taken the one before, and stops when the browser leaves. */
export async function sendCsv(res: Response, { name, format, lines }: Sheet, log: Log): Promise<void> {
  res.attachment(`${name}.csv`).set('Cache-Control', 'no-store')
  await pipeline(Readable.from(lines), stringify(format), res).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') log.error({ err: error }, 'CSV export failed')
  })
}
