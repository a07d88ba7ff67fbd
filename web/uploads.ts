import express, { type Request, type RequestHandler } from 'express'
import { Failure } from './failures.ts'
import { findPerson } from './people.ts'

/** Fifty thousand numbers with something beside each. */
const mostBytes = '4mb'

/**
 * Reads a form with files into `req.body`, each file as its text. A stranger's is not read: without its token it is refused
 * for what it is.
 */
export const readFormWithFiles: RequestHandler[] = [
  (req, res, next) => {
    const raw = express.raw({ type: 'multipart/form-data', limit: mostBytes }) as RequestHandler
    if (!findPerson(res)) return next()
    raw(req, res, (error?: unknown) => next((error as { status?: number } | undefined)?.status === 413 ? tooLarge() : error))
  },
  async (req, _res, next) => {
    if (Buffer.isBuffer(req.body)) req.body = await readForm(req, req.body)
    next()
  },
]

async function readForm(req: Request, body: Buffer): Promise<Record<string, string>> {
  const headers = { 'Content-Type': req.get('Content-Type') ?? '' }
  const form = await new Response(new Uint8Array(body), { headers }).formData().catch(() => {
    throw new Failure(400, 'bad-form')
  })
  const fields: Record<string, string> = {}
  for (const [name, value] of form) fields[name] = typeof value === 'string' ? value : decode(await value.bytes())
  return fields
}

/** UTF-16 is what spreadsheets call "Unicode text". A byte-order mark goes with the decoding. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes)
}

function tooLarge(): Failure {
  return new Failure(413, 'too-large')
}
