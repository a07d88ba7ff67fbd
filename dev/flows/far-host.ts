import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A host of its own for a browser: a network namespace with one cable to this machine, which can be pulled, go deaf, or
 * come back as another network. Making one takes root and iproute2.
 */
export class FarHost {
  /** This machine, as the far host sees it. */
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
    // 198.18.0.0/15 is set aside for tests between networks (RFC 2544).
    this.#subnet = `198.18.${number % 250}`
    this.gateway = `${this.#subnet}.1`
  }

  /** Taken down with `t`, which is a test file or something else that ends. */
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

  /** What the far host may open a microphone for though it is not https. */
  get origins(): string[] {
    return this.#ports.map((port) => `http://${this.gateway}:${port}`)
  }

  /** Opens TCP ports of this machine's loopback to the far host. */
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

  /** A program that starts `file` on the far host. */
  program(file: string): string {
    const path = join(this.#directory, 'start')
    writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${this.#name} ${file} "$@"\n`)
    chmodSync(path, 0o755)
    return path
  }

  /** This far host's own address, as this machine sees it. */
  get address(): string {
    return `${this.#subnet}.${this.#address}`
  }

  /** A network that lets no UDP through, either way, and says nothing of it. `nft` is how that program is run. */
  blockUdp(nft: { file: string; env: NodeJS.ProcessEnv }): void {
    const rules = ['input', 'output'].map(
      (hook) =>
        `add chain inet office ${hook} { type filter hook ${hook} priority 0; }; add rule inet office ${hook} meta l4proto udp drop`,
    )
    execFileSync('ip', ['netns', 'exec', this.#name, nft.file, `add table inet office; ${rules.join('; ')}`], { env: nft.env })
  }

  /** Cuts what goes over TCP at this moment, as a proxy that is restarted does. Sound goes on. */
  closeConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** The cable is pulled: the far host knows that it has no network. */
  unplug(): void {
    ip('link', 'set', `${this.#name}h`, 'down')
  }

  plugIn(): void {
    ip('link', 'set', `${this.#name}h`, 'up')
  }

  /** Everything on the way is swallowed, and nobody is told. */
  deafen(): void {
    ip('address', 'del', `${this.gateway}/24`, 'dev', `${this.#name}h`)
  }

  undeafen(): void {
    ip('address', 'add', `${this.gateway}/24`, 'dev', `${this.#name}h`)
  }

  /** Another network: the same host, under another address, from one moment to the next. */
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
