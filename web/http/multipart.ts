import type { Request } from 'express'
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import { HttpError } from './errors.ts'

/** Fifty thousand people with something beside each. */
export const mostBytes = 8 * 1024 * 1024
/** Our longest form has four fields. */
export const mostParts = 10
/** How far the first field may reach. It is the token, unless a header has it. */
export const longestFirstPart = 4096

export interface Field {
  name: string
  value: string
}

/**
 * The fields of a form with files; a file as its text, with its name beside it (`file-name`). `checkFirst`, if there is something
 * to check, sees the first field as soon as it has come, and may throw: then nothing after it is parsed. The rest of a refused
 * request is read and thrown away, because a browser reads the answer only after it has sent everything.
 */
export async function readMultipart(req: Request, checkFirst: ((first: Field) => void) | null): Promise<Record<string, string>> {
  if (Number(req.get('Content-Length') ?? 0) > mostBytes) throw tooLarge()
  const fields = Object.create(null) as Record<string, string>
  const parser = open(req)
  let [bytes, parts] = [0, 0]
  const begins = (first: Field) => {
    if (parts++ === 0) checkFirst?.(first)
  }
  await new Promise<void>((resolve, reject) => {
    const end = (error?: unknown) => {
      req.off('data', take).off('end', finish).off('close', hangUp)
      req.resume()
      if (error === undefined) resolve()
      else reject(error instanceof HttpError ? error : badForm())
    }
    /** What the parser calls back: what it throws there must not go through the parser. */
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
    const breakOff = () => end(badForm())
    // Also comes after a whole request, while the parser is at the last of it.
    const hangUp = () => req.complete || breakOff()
    parser.on(
      'field',
      guarded((name, value) => {
        begins({ name, value })
        fields[name] = value
      }),
    )
    parser.on(
      'file',
      guarded((name, file, fileName) => {
        begins({ name, value: '' })
        const pieces: Buffer[] = []
        file.on('error', breakOff)
        file.on('data', (piece: Buffer) => pieces.push(piece))
        file.on('end', () => {
          fields[name] = decode(Buffer.concat(pieces))
          fields[`${name}-name`] = fileName
        })
      }),
    )
    for (const limit of ['partsLimit', 'fieldsLimit', 'filesLimit', 'error'] as const) parser.on(limit, breakOff)
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

function tooLarge(): HttpError {
  return new HttpError(413, 'too-large')
}

function badForm(): HttpError {
  return new HttpError(400, 'bad-form')
}
