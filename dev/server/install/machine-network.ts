import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { UnpackedPrograms } from '../../setup/unpacked-programs.ts'

/** A network namespace with a cable to this machine, by which it reaches the Internet. `name` is 13 characters at most. */
export class MachineNetwork {
  readonly name: string
  readonly address: string
  readonly #subnet: string
  readonly #programs: UnpackedPrograms
  readonly #forwarding = new Map<string, string>()

  constructor(name: string, subnet: string, programs: UnpackedPrograms) {
    this.name = name
    this.address = `${subnet}.2`
    this.#subnet = subnet
    this.#programs = programs
  }

  /** `scratch` is a directory that its rules are written into. */
  connect(scratch: string): void {
    const [name, here, there] = [this.name, `${this.name}h`, `${this.name}f`]
    ip('netns', 'add', name)
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name)
    ip('address', 'add', `${this.#subnet}.1/24`, 'dev', here)
    ip('link', 'set', here, 'up')
    ip('-n', name, 'address', 'add', `${this.address}/24`, 'dev', there)
    for (const link of ['lo', there]) ip('-n', name, 'link', 'set', link, 'up')
    ip('-n', name, 'route', 'add', 'default', 'via', `${this.#subnet}.1`)
    const rules = join(scratch, 'nat.nft')
    writeFileSync(
      rules,
      `table ip ${name} {
  chain out {
    type nat hook postrouting priority srcnat
    ip saddr ${this.#subnet}.0/24 masquerade
  }
}
`,
    )
    this.#nft('-f', rules)
    // For this one cable, and not for the machine.
    for (const link of [here, defaultLink()]) {
      const setting = `/proc/sys/net/ipv4/conf/${link}/forwarding`
      this.#forwarding.set(setting, readFileSync(setting, 'utf8'))
      writeFileSync(setting, '1')
    }
  }

  /** What a power cut does to its firewall, which is the namespace's and would outlive the machine in it. */
  forgetFirewall(): void {
    const { file, env } = this.#programs.command('nft')
    execFileSync('ip', ['netns', 'exec', this.name, file, 'flush', 'ruleset'], { env, stdio: 'pipe' })
  }

  /** When the machine in it has ended. Every part goes, also when `connect` did not get through. */
  remove(): void {
    quietly(() => this.#nft('delete', 'table', 'ip', this.name))
    for (const [setting, before] of this.#forwarding) if (existsSync(setting)) writeFileSync(setting, before)
    quietly(() => ip('netns', 'delete', this.name))
  }

  #nft(...args: string[]): void {
    const { file, env } = this.#programs.command('nft')
    execFileSync(file, args, { env, stdio: 'pipe' })
  }
}

function quietly(remove: () => void): void {
  try {
    remove()
  } catch {
    // It was not there.
  }
}

function defaultLink(): string {
  const route = execFileSync('ip', ['-4', 'route', 'show', 'default'], { encoding: 'utf8' })
  const link = / dev (\S+)/.exec(route)?.[1]
  if (link === undefined) throw new Error('this machine has no way out, and a fresh server fetches its packages')
  return link
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' })
}
