import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { decode, frameSamples, shareOf, toneFrame, type G711 } from './g711.ts'
import { payloadTypes, readSdp } from './sdp.ts'

const frameMs = 20
const keyFrames = 15
/** 200 ms: long enough for a sharp frequency. */
const heardSamples = 10 * frameSamples

/** The sound of one call, both ways: it speaks a tone and measures what it hears. */
export class Sound {
  readonly host: string
  readonly #socket: Socket
  readonly #timer: NodeJS.Timeout
  #to: { host: string; port: number } | null = null
  #codec: G711 = 'alaw'
  /** Empty while it sends nothing. */
  #tones: readonly number[] = []
  #sequence = 0
  #streams = 0
  #timestamp = 0
  #nextAt = performance.now()
  #heard: number[] = []
  /** Payload types since the last `forgets`, and keys that came as events. */
  readonly #payloads = new Set<number>()
  readonly #keys = new Map<number, string>()

  private constructor(host: string, socket: Socket) {
    this.host = host
    this.#socket = socket
    socket.on('message', (packet) => this.#hear(packet))
    this.#timer = setInterval(() => this.#speak(), frameMs)
  }

  static async open(host: string): Promise<Sound> {
    const socket = createSocket('udp4')
    socket.bind(0, host)
    await once(socket, 'listening')
    return new Sound(host, socket)
  }

  get port(): number {
    return this.#socket.address().port
  }

  /** Sends to the address of the other side's description, in the first codec that it names. */
  follows(description: string): void {
    const { host, port, payloads } = readSdp(description)
    if (port === 0 || host === '0.0.0.0') return
    this.#to = { host, port }
    if (payloads[0] === payloadTypes.alaw || payloads[0] === payloadTypes.ulaw) this.#codec = payloads[0] === 0 ? 'ulaw' : 'alaw'
  }

  usesCodec(codec: G711): void {
    this.#codec = codec
  }

  /** Speaks a tone from now on, or several together. */
  speaks(...tones: number[]): void {
    if (this.#tones.length === 0) this.#nextAt = performance.now()
    this.#tones = tones
  }

  /** Goes on as another media server of the carrier would: a new stream, whose packets have lower numbers. */
  movesToAnotherServer(): void {
    this.#streams += 1
    this.#sequence = (this.#sequence - 5000) & 0xffff
  }

  /** Sends no more packets. */
  stops(): void {
    this.#tones = []
  }

  /** Presses a key for 300 ms, as an RFC 4733 event. The tone pauses. */
  async presses(key: string): Promise<void> {
    const [tones, event] = [this.#tones, '0123456789*#'.indexOf(key)]
    this.stops()
    for (let n = 1; n <= keyFrames + 2; n += 1) {
      const [ends, duration] = [n > keyFrames - 1, Math.min(n, keyFrames) * frameSamples]
      this.#send(payloadTypes.events, Buffer.from([event, ends ? 0x8a : 0x0a, duration >> 8, duration & 255]), n === 1)
      await pause(frameMs)
    }
    this.#timestamp += keyFrames * frameSamples
    this.speaks(...tones)
  }

  /** Whether most of the last 200 ms is these frequencies together, each with its part. */
  hears(...frequencies: number[]): boolean {
    if (this.#heard.length < heardSamples) return false
    const shares = frequencies.map((hz) => shareOf(hz, this.#heard))
    return shares.every((share) => share > 0.6 / frequencies.length) && shares.reduce((sum, share) => sum + share, 0) > 0.8
  }

  /** Payload types of the packets since the last `forgets`. */
  get payloads(): number[] {
    return [...this.#payloads].sort((a, b) => a - b)
  }

  /** Keys that came as events, in order. */
  get keys(): string {
    return [...this.#keys.values()].join('')
  }

  forgets(): void {
    this.#heard = []
    this.#payloads.clear()
    this.#keys.clear()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#socket.close()
  }

  #speak(): void {
    const now = performance.now()
    for (; this.#tones.length > 0 && this.#nextAt <= now; this.#nextAt += frameMs) {
      this.#send(payloadTypes[this.#codec], toneFrame(this.#tones, this.#timestamp, this.#codec), false)
      this.#timestamp += frameSamples
    }
  }

  #send(payloadType: number, payload: Buffer, marked: boolean): void {
    if (!this.#to) return
    const header = Buffer.alloc(12)
    header[0] = 0x80
    header[1] = payloadType | (marked ? 0x80 : 0)
    header.writeUInt16BE((this.#sequence += 1) & 0xffff, 2)
    header.writeUInt32BE(this.#timestamp >>> 0, 4)
    header.writeUInt32BE(this.port + (this.#streams << 16), 8)
    this.#socket.send(Buffer.concat([header, payload]), this.#to.port, this.#to.host)
  }

  #hear(packet: Buffer): void {
    const payloadType = (packet[1] ?? 0) & 0x7f
    const payload = packet.subarray(12 + 4 * ((packet[0] ?? 0) & 15))
    this.#payloads.add(payloadType)
    if (payloadType === payloadTypes.events) this.#keys.set(packet.readUInt32BE(4), '0123456789*#'[payload[0] ?? 0] ?? '?')
    const codec = payloadType === payloadTypes.alaw ? 'alaw' : payloadType === payloadTypes.ulaw ? 'ulaw' : null
    if (codec) this.#heard = [...this.#heard, ...decode(payload, codec)].slice(-heardSamples)
  }
}
