import { createHash } from 'node:crypto'
import { createReadStream, openAsBlob } from 'node:fs'
import { AwsClient } from 'aws4fetch'
import type { BucketConfig } from '../runtime/config.ts'

/** A place for recordings that is not this machine: a bucket of S3, or of what speaks like it. Paths are those of the storage directory. */
export class Bucket {
  readonly #client: AwsClient
  readonly #base: string

  constructor({ url, region, keyId, secret }: BucketConfig) {
    this.#base = url.replace(/\/$/, '')
    this.#client = new AwsClient({ service: 's3', region, accessKeyId: keyId, secretAccessKey: secret, retries: 2 })
  }

  /** Copies a file there and looks whether it has arrived. Its checksum is part of the signature: what arrives otherwise is refused. */
  async put(path: string, file: string): Promise<void> {
    const checksum = await sha256(file)
    const body = await openAsBlob(file, { type: 'audio/mpeg' })
    await this.#ask('PUT', path, { body, headers: { 'X-Amz-Content-Sha256': checksum } })
    const arrived = await this.size(path)
    if (arrived !== body.size) throw new Error(`${arrived} of ${body.size} bytes of ${path} are in the bucket`)
  }

  /** Bytes; null where there is no such file. */
  async size(path: string): Promise<number | null> {
    const { status, headers } = await this.#ask('HEAD', path)
    return status === 404 ? null : Number(headers.get('content-length'))
  }

  /** A file, or the range of it that a browser asked for; null where there is no such file. The status is 200, 206, 304 or 416. */
  async get(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response | null> {
    const response = await this.#ask('GET', path, { headers, signal })
    return response.status === 404 ? null : response
  }

  /** What is not there is deleted already. */
  async delete(path: string): Promise<void> {
    await this.#ask('DELETE', path)
  }

  async #ask(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const response = await this.#client.fetch(`${this.#base}/${path}`, { method, ...init })
    if (response.ok || [304, 404, 416].includes(response.status)) return response
    // Its code alone: a server's words may repeat what it was asked with.
    const code = /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1] ?? ''
    throw new Error(`the bucket answers ${[response.status, code].join(' ').trim()} to ${method} ${path}`)
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer)
  return hash.digest('hex')
}
