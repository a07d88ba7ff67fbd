import { createHash, createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import type { BucketConfig } from '../runtime/config.ts'

/**
 * The part of S3 that Ramal uses: put a file into one bucket, read it whole or in a range, delete it. Verifies AWS signatures
 * (version 4) by their specification.
 */
export class FakeBucket {
  readonly files = new Map<string, Buffer>()
  readonly config: BucketConfig
  /** Answers every request with this. */
  fails: number | null = null
  /** Stores only this many bytes, as a broken server would. */
  cutsTo: number | null = null

  static async open(t: Test): Promise<FakeBucket> {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const bucket = new FakeBucket((server.address() as AddressInfo).port)
    server.on('request', (req: IncomingMessage, res: ServerResponse) => void bucket.#answer(req, res))
    t.teardown(() => {
      server.closeAllConnections()
      server.close()
    })
    return bucket
  }

  private constructor(port: number) {
    const secret = randomBytes(20).toString('hex')
    this.config = { url: `http://127.0.0.1:${port}/recordings`, region: 'sa-east-1', keyId: 'AKIAEXAMPLE', secret }
  }

  /** The environment of a process that uses it. */
  get env(): Record<string, string> {
    const { url, region, keyId, secret } = this.config
    return { RAMAL_BUCKET_URL: url, RAMAL_BUCKET_REGION: region, RAMAL_BUCKET_KEY_ID: keyId, RAMAL_BUCKET_SECRET: secret }
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await buffer(req)
    if (this.fails !== null) return refuse(res, this.fails, 'SlowDown')
    if (!this.#isSigned(req)) return refuse(res, 403, 'SignatureDoesNotMatch')
    const bodyHash = req.headers['x-amz-content-sha256']
    if (bodyHash !== 'UNSIGNED-PAYLOAD' && bodyHash !== sha256(body)) return refuse(res, 400, 'XAmzContentSHA256Mismatch')
    const key = decodeURIComponent(req.url ?? '').replace(/^\/recordings\//, '')
    if (req.method === 'PUT') {
      if (bodyHash === 'UNSIGNED-PAYLOAD') return refuse(res, 400, 'InvalidRequest')
      this.files.set(key, this.cutsTo === null ? body : body.subarray(0, this.cutsTo))
      return void res.end()
    }
    if (req.method === 'DELETE') {
      this.files.delete(key)
      return void res.writeHead(204).end()
    }
    const file = this.files.get(key)
    if (!file) return refuse(res, 404, 'NoSuchKey')
    const [, from = '', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(req.headers.range ?? '') ?? []
    if (from === '') return void res.writeHead(200, { 'content-length': file.length, 'accept-ranges': 'bytes', etag: '"x"' }).end(file)
    if (Number(from) >= file.length) return refuse(res, 416, 'InvalidRange')
    const end = to === '' ? file.length - 1 : Number(to)
    const range = { 'content-range': `bytes ${from}-${end}/${file.length}`, 'content-length': end - Number(from) + 1 }
    res.writeHead(206, { ...range, 'accept-ranges': 'bytes' }).end(file.subarray(Number(from), end + 1))
  }

  #isSigned({ method = '', url = '', headers }: IncomingMessage): boolean {
    const authorization =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/
    const [, keyId, day = '', region = '', signed = '', signature] = authorization.exec(headers.authorization ?? '') ?? []
    if (keyId !== this.config.keyId || region !== this.config.region) return false
    const names = signed.split(';')
    const payload = String(headers['x-amz-content-sha256'])
    const lines = names.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('')
    const [path = '', query = ''] = url.split('?')
    const request = [method, path, query, lines, signed, payload].join('\n')
    const scope = `${day}/${region}/s3/aws4_request`
    const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(request)].join('\n')
    const key = [region, 's3', 'aws4_request'].reduce<Buffer>(hmac, hmac(Buffer.from(`AWS4${this.config.secret}`), day))
    return names.includes('host') && hmac(key, text).toString('hex') === signature
  }
}

function refuse(res: ServerResponse, status: number, code: string): void {
  res.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`)
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex')
}
