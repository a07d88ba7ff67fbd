import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { SetupFailure } from '../setup/failure.ts'
import { tryLock } from '../setup/lock.ts'
import type { Lock } from '../setup/lock.ts'

/** The ports of one stack, all on loopback addresses. */
export type Ports = {
  mariadb: number
  agi: number
  web: number
  /** HTTP of the main Asterisk: the WebSocket of the browser phones. */
  webSocket: number
  sip: number
  /** The monitoring server of each process. */
  metrics: { fastagi: number; web: number; worker: number }
  /** The carrier's SIP port, the same on each of its addresses. */
  carrierSip: number
  rtp: PortRange
  carrierRtp: PortRange
  release(): void
}
export type PortRange = { from: number; to: number }

// Each stack takes a numbered slot, so that two stacks never choose the same port.
// All ports are below 32768, the first port that Linux uses for outgoing connections.
const slots = 10
const firstPort = 30_000
const portsPerSlot = 20
const firstRtpPort = 10_000
const rtpRange = 1_000

/** Takes a slot with free ports. The web port is `preferredWebPort` or the first free port above it. */
export async function takePorts(preferredWebPort?: number): Promise<Ports> {
  for (let slot = 0; slot < slots; slot += 1) {
    const lock = await tryLock(`ports-${slot}`)
    if (!lock) continue
    const base = firstPort + slot * portsPerSlot
    const ports = Array.from({ length: 9 }, (_, index) => base + index)
    if (!(await allFree(ports))) {
      lock.release()
      continue
    }
    return describe(slot, preferredWebPort === undefined ? base : await firstFree(preferredWebPort), lock)
  }
  throw new SetupFailure(`All ${slots} sets of ports from ${firstPort} are taken: stop another demo or test run first.`)
}

function describe(slot: number, web: number, lock: Lock): Ports {
  const base = firstPort + slot * portsPerSlot
  const rtp = firstRtpPort + slot * 2 * rtpRange
  return {
    web,
    mariadb: base + 1,
    agi: base + 2,
    webSocket: base + 3,
    sip: base + 4,
    carrierSip: base + 5,
    metrics: { fastagi: base + 6, web: base + 7, worker: base + 8 },
    rtp: { from: rtp, to: rtp + rtpRange - 1 },
    carrierRtp: { from: rtp + rtpRange, to: rtp + 2 * rtpRange - 1 },
    release: () => lock.release(),
  }
}

async function firstFree(from: number): Promise<number> {
  for (let port = from; port < from + 100; port += 1) if (await isFree(port)) return port
  throw new SetupFailure(`No free port between ${from} and ${from + 99}.`)
}

async function allFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await isFree(port))) return false
  return true
}

/** Whether the port is free for TCP and UDP on all addresses of the machine. */
async function isFree(port: number): Promise<boolean> {
  const tcp = createServer()
  const udp = createSocket('udp4')
  try {
    await once(tcp.listen(port, '0.0.0.0'), 'listening')
    udp.bind(port, '0.0.0.0')
    await once(udp, 'listening')
    return true
  } catch {
    return false
  } finally {
    tcp.close()
    udp.close()
  }
}
