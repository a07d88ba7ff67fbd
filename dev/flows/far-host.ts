import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A separate host for a browser: a network namespace with one cable to this machine, which can be unplugged, drop all packets, or
 * change to another network. Needs root and iproute2.
 */
export class FarHost {
  /** This machine's address on the cable. */
  readonly gateway: string
  readonly #name: string
  readonly #subnet: string
  readonly #directory = mkdtempSync(join(tmpdir(), 'ramal-far-host-'))
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()
  #ports: number[] = []
  #address = 2

  private constructor(number: number) {
    this.#name = `ramal${number}`
    // 198.18.0.0/15 is reserved for tests between networks (RFC 2544).
    this.#subnet = `198.18.${number % 250}`
    this.gateway = `${this.#subnet}.1`
  }

  /** Removed at the teardown of `t`. */
  static build(t: { teardown(undo: () => void): unknown }): FarHost {
    const host = new FarHost(process.pid)
    t.teardown(() => host.#remove())
    const name = host.#name
    ip('netns', 'add', name)
    ip('link', 'add', `${name}h`, 'type', 'veth', 'peer', 'name', `${name}f`)
    ip('link', 'set', `${name}f`, 'netns', name)
    ip('address', 'add', `${host.gateway}/24`, 'dev', `${name}h`)
    ip('link', 'set', `${name}h`, 'up')
    host.#inside('address', 'add', `${host.#subnet}.${host.#address}/24`, 'dev', `${name}f`)
    host.#inside('link', 'set', 'lo', 'up')
    host.#inside('link', 'set', `${name}f`, 'up')
    return host
  }

  /** The http origins that may use the microphone. */
  get origins(): string[] {
    return this.#ports.map((port) => `http://${this.gateway}:${port}`)
  }

  /** Forwards TCP ports of this machine's loopback to the far host. */
  forward(...ports: number[]): void {
    this.#ports = ports
    for (const port of ports) {
      const server = createServer((near) => {
        const inner = connect(port, '127.0.0.1')
        near.pipe(inner).pipe(near)
        this.#sockets.add(near)
        near.on('close', () => this.#sockets.delete(near))
        near.on('error', () => inner.destroy())
        inner.on('error', () => near.destroy())
      })
      server.listen(port, this.gateway)
      this.#servers.push(server)
    }
  }

  /** Makes a program that runs `file` on the far host. */
  program(file: string): string {
    const path = join(this.#directory, 'start')
    writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${this.#name} ${file} "$@"\n`)
    chmodSync(path, 0o755)
    return path
  }

  /** The far host's address on the cable. */
  get address(): string {
    return `${this.#subnet}.${this.#address}`
  }

  /** Drops all UDP in both directions. `nft` is how to run that program. */
  blockUdp(nft: { file: string; env: NodeJS.ProcessEnv }): void {
    const rules = ['input', 'output'].map(
      (hook) =>
        `add chain inet office ${hook} { type filter hook ${hook} priority 0; }; add rule inet office ${hook} meta l4proto udp drop`,
    )
    execFileSync('ip', ['netns', 'exec', this.#name, nft.file, `add table inet office; ${rules.join('; ')}`], { env: nft.env })
  }

  /** Closes all TCP connections, like a restarted proxy. Sound continues. */
  closeConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Unplugs the cable: the far host notices that it has no network. */
  unplug(): void {
    ip('link', 'set', `${this.#name}h`, 'down')
  }

  plugIn(): void {
    ip('link', 'set', `${this.#name}h`, 'up')
  }

  /** Drops all packets silently. */
  deafen(): void {
    ip('address', 'del', `${this.gateway}/24`, 'dev', `${this.#name}h`)
  }

  undeafen(): void {
    ip('address', 'add', `${this.gateway}/24`, 'dev', `${this.#name}h`)
  }

  /** Changes to another network: the same host with another address, at once. */
  moves(): void {
    this.#inside('address', 'del', `${this.#subnet}.${this.#address}/24`, 'dev', `${this.#name}f`)
    this.#address += 1
    this.#inside('address', 'add', `${this.#subnet}.${this.#address}/24`, 'dev', `${this.#name}f`)
  }

  #inside(...command: string[]): void {
    ip('-n', this.#name, ...command)
  }

  #remove(): void {
    this.closeConnections()
    for (const server of this.#servers) server.close()
    execFileSync('ip', ['link', 'delete', `${this.#name}h`], { stdio: 'ignore' })
    execFileSync('ip', ['netns', 'delete', this.#name], { stdio: 'ignore' })
    rmSync(this.#directory, { recursive: true })
  }
}

function ip(...command: string[]): void {
  execFileSync('ip', command, { stdio: ['ignore', 'ignore', 'inherit'] })
}
