import type { Response } from 'express'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Bucket } from '../../domain/recordings/bucket.ts'

const requestHeaders = ['range', 'if-range', 'if-none-match', 'if-modified-since'] as const
const answerHeaders = ['content-length', 'content-range', 'accept-ranges', 'etag', 'last-modified'] as const

/** Passes a file of the bucket on to a browser, in the ranges that it asks for. Sends nothing and returns false if the file does not exist. */
export async function sendFromBucket(bucket: Bucket, path: string, res: Response, headers: Record<string, string>): Promise<boolean> {
  const closed = new AbortController()
  res.once('close', () => closed.abort())
  const wanted = requestHeaders.flatMap((name) =>
    typeof res.req.headers[name] === 'string' ? [[name, res.req.headers[name]] as const] : [],
  )
  const file = await bucket.get(path, Object.fromEntries(wanted), closed.signal)
  if (file === null) return false
  res.status(file.status).set({ 'Content-Type': 'audio/mpeg', ...headers })
  for (const name of answerHeaders) {
    const value = file.headers.get(name)
    if (value !== null) res.set(name, value)
  }
  if (file.body === null) res.end()
  else await pipeline(Readable.fromWeb(file.body), res)
  return true
}
