import type { Response } from 'express'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Bucket } from '../../domain/recordings/bucket.ts'

const asked = ['range', 'if-range', 'if-none-match', 'if-modified-since'] as const
const told = ['content-length', 'content-range', 'accept-ranges', 'etag', 'last-modified'] as const

/** Passes a file of the bucket on to a browser, in the ranges that it asks for. False, and nothing is sent, when there is no such file. */
export async function sendFromBucket(bucket: Bucket, path: string, res: Response, headers: Record<string, string>): Promise<boolean> {
  const gone = new AbortController()
  res.once('close', () => gone.abort())
  const wanted = asked.flatMap((name) => (typeof res.req.headers[name] === 'string' ? [[name, res.req.headers[name]] as const] : []))
  const file = await bucket.get(path, Object.fromEntries(wanted), gone.signal)
  if (file === null) return false
  res.status(file.status).set({ 'Content-Type': 'audio/mpeg', ...headers })
  for (const name of told) {
    const value = file.headers.get(name)
    if (value !== null) res.set(name, value)
  }
  if (file.body === null) res.end()
  else await pipeline(Readable.fromWeb(file.body), res)
  return true
}
