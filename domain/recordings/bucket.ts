import { createHash } from 'node:crypto'
import { createReadStream, openAsBlob } from 'node:fs'
import { AwsClient } from 'aws4fetch'
import type { BucketConfig } from '../runtime/config.ts'

/** An S3-compatible bucket for recordings. Paths are those of the storage directory. */
export class Bucket {
  readonly #client: AwsClient
  readonly #base: string

  constructor({ url, region, keyId, secret }: BucketConfig) {
    this.#base = url.replace(/\/$/, '')
    this.#client = new AwsClient({ service: 's3', region, accessKeyId: keyId, secretAccessKey: secret, retries: 2 })
  }

  /** Uploads a file and checks that it arrived. The signature includes its checksum, so the bucket refuses damaged data. */
  async put(path: string, file: string): Promise<void> {
    const checksum = await sha256(file)
    const body = await openAsBlob(file, { type: 'audio/mpeg' })
    await this.#ask('PUT', path, { body, headers: { 'X-Amz-Content-Sha256': checksum } })
    const arrived = await this.size(path)
    if (arrived !== body.size) throw new Error(`${arrived} of ${body.size} bytes of ${path} are in the bucket`)
  }

  /** The size in bytes, or null if the file does not exist. */
  async size(path: string): Promise<number | null> {
    const { status, headers } = await this.#ask('HEAD', path)
    return status === 404 ? null : Number(headers.get('content-length'))
  }

  /** A file or a range of it, as a browser asked; null if it does not exist. The status is 200, 206, 304 or 416. */
  async get(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response | null> {
    const response = await this.#ask('GET', path, { headers, signal })
    return response.status === 404 ? null : response
  }

  /** A missing file counts as deleted. */
  async delete(path: string): Promise<void> {
    await this.#ask('DELETE', path)
  }

  async #ask(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const response = await this.#client.fetch(`${this.#base}/${path}`, { method, ...init })
    if (response.ok || [304, 404, 416].includes(response.status)) return response
    // Only the error code: the body of the answer may repeat parts of the request.
    const code = /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1] ?? ''
    throw new Error(`the bucket answers ${[response.status, code].join(' ').trim()} to ${method} ${path}`)
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer)
  return hash.digest('hex')
}
