import express, { type Request, type RequestHandler } from 'express'
import { Failure } from './failures.ts'
import { findPerson } from './people.ts'

/** Fifty thousand people with something beside each. */
const mostBytes = '8mb'

/**
 * Reads a form with files into `req.body`, each file as its text, and its name beside it (`file-name`). A stranger's is not read: without its token it is refused
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
  for (const [name, value] of form) {
    fields[name] = typeof value === 'string' ? value : decode(await value.bytes())
    if (typeof value !== 'string') fields[`${name}-name`] = value.name
  }
  return fields
}

/**
 * UTF-8, or UTF-16, which spreadsheets call "Unicode text", or else what Windows writes in Brazil: there every byte is a
 * letter. A byte-order mark goes with the decoding.
 */
function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function tooLarge(): Failure {
  return new Failure(413, 'too-large')
}
