import type { Request } from 'express'
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import { HttpError } from './errors.ts'

/** Enough for fifty thousand leads with a few columns. */
export const mostBytes = 8 * 1024 * 1024
/** The longest form of the site has four fields. */
export const mostParts = 10
/** The first field must end within this many bytes. It is the token, unless a header has the token. */
export const longestFirstPart = 4096

export interface Field {
  name: string
  value: string
}

/**
 * Reads the fields of a form with files. A file becomes its text, and a second field has its name (`file-name`). `checkFirst` receives the
 * first field as soon as it is complete, and can throw to refuse the request; the parser then stops. The rest of a refused request is
 * read and discarded, because a browser reads the response only after it has sent everything.
 */
export async function readMultipart(req: Request, checkFirst: ((first: Field) => void) | null): Promise<Record<string, string>> {
  if (Number(req.get('Content-Length') ?? 0) > mostBytes) throw tooLarge()
  const fields = Object.create(null) as Record<string, string>
  const parser = open(req)
  let [bytes, parts] = [0, 0]
  const onPart = (part: Field) => {
    if (parts++ === 0) checkFirst?.(part)
  }
  await new Promise<void>((resolve, reject) => {
    const end = (error?: unknown) => {
      req.off('data', take).off('end', finish).off('close', hangUp)
      req.resume()
      if (error === undefined) resolve()
      else reject(error instanceof HttpError ? error : badForm())
    }
    /** Wraps a callback of the parser: its exceptions must not pass through the parser. */
    const guarded =
      <A extends unknown[]>(work: (...values: A) => void) =>
      (...values: A) => {
        try {
          work(...values)
        } catch (error) {
          end(error)
        }
      }
    const take = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > mostBytes) return end(tooLarge())
      parser.write(chunk)
      if (checkFirst !== null && parts === 0 && bytes > longestFirstPart) end(badForm())
    }
    const finish = () => parser.end()
    const refuse = () => end(badForm())
    // 'close' also follows a complete request, while the parser still works on its end.
    const hangUp = () => req.complete || refuse()
    parser.on(
      'field',
      guarded((name, value) => {
        onPart({ name, value })
        fields[name] = value
      }),
    )
    parser.on(
      'file',
      guarded((name, file, fileName) => {
        onPart({ name, value: '' })
        const pieces: Buffer[] = []
        file.on('error', refuse)
        file.on('data', (piece: Buffer) => pieces.push(piece))
        file.on('end', () => {
          fields[name] = decode(Buffer.concat(pieces))
          fields[`${name}-name`] = fileName
        })
      }),
    )
    for (const limit of ['partsLimit', 'fieldsLimit', 'filesLimit', 'error'] as const) parser.on(limit, refuse)
    parser.on('finish', () => end())
    req.on('data', take).on('end', finish).on('close', hangUp)
  })
  return fields
}

function open(req: Request): BusboyInstance {
  try {
    return new Busboy({
      headers: req.headers as BusboyHeaders,
      limits: { parts: mostParts, fieldSize: mostBytes, headerPairs: 20, headerSize: 8192 },
    })
  } catch {
    throw badForm()
  }
}

/**
 * Decodes UTF-8, UTF-16 (which spreadsheets call "Unicode text"), or else Windows-1252, which Windows writes in Brazil and in which
 * every byte is a character. Removes a byte-order mark.
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

function tooLarge(): HttpError {
  return new HttpError(413, 'too-large')
}

function badForm(): HttpError {
  return new HttpError(400, 'bad-form')
}
