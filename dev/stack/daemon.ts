import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { SetupFailure } from '../setup/failure.ts'

export type DaemonOptions = {
  name: string
  /** Asked at each start. */
  command: () => { file: string; args: string[]; env: NodeJS.ProcessEnv }
  logFile: string
  /** Asks the daemon itself whether it serves; a rejection means not yet. */
  ready: (signal: AbortSignal) => Promise<void>
  beforeStart?: () => Promise<void> | void
  readyWithinMs?: number
  stopWithinMs?: number
  /** Told when it ends without being asked to. */
  onUnexpectedEnd: (text: string) => void
}

const askAgainMs = 40

/** One long-running program of the stack: started until it answers, stopped until it is gone. */
export class Daemon {
  readonly name: string
  readonly #options: DaemonOptions
  #child: ChildProcess | undefined
  #ended: Promise<void> = Promise.resolve()
  #expected = false
  #logFrom = 0

  constructor(options: DaemonOptions) {
    this.name = options.name
    this.#options = options
  }

  get running(): boolean {
    return this.#child !== undefined
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get logFile(): string {
    return this.#options.logFile
  }

  /** Resolves when the program answers; a start that fails stops it and shows the end of its log. */
  async start(): Promise<void> {
    if (this.#child) return
    await this.#options.beforeStart?.()
    this.#spawn()
    // An end before it ever answered is told by the failure of start().
    this.#expected = true
    const withinMs = this.#options.readyWithinMs ?? 30_000
    try {
      await this.#untilReady(AbortSignal.timeout(withinMs))
    } catch {
      const why = this.running ? `did not answer within ${withinMs / 1000} s` : 'ended while starting'
      await this.kill9()
      throw new SetupFailure(`${this.name} ${why}. The end of ${this.logFile}:\n${this.logTail()}`)
    }
    this.#expected = false
  }

  /** Asks it to end (SIGTERM), and insists when it does not. */
  async stop(): Promise<void> {
    const child = this.#child
    if (!child) return
    this.#expected = true
    child.kill('SIGTERM')
    const insist = setTimeout(() => child.kill('SIGKILL'), this.#options.stopWithinMs ?? 10_000)
    await this.#ended
    clearTimeout(insist)
  }

  /** What a power cut, the OOM killer or a bug does. */
  async kill9(): Promise<void> {
    this.#expected = true
    this.#child?.kill('SIGKILL')
    await this.#ended
  }

  /** SIGSTOP: it hangs, with its sockets open. SIGCONT: it goes on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal)
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  /** The end of what it has said since it was last started. */
  logTail(lines = 25): string {
    if (!existsSync(this.logFile)) return '(no log)'
    return readFileSync(this.logFile).subarray(this.#logFrom).toString().trimEnd().split('\n').slice(-lines).join('\n')
  }

  #spawn(): void {
    const { file, args, env } = this.#options.command()
    mkdirSync(dirname(this.logFile), { recursive: true })
    const log = openSync(this.logFile, 'a')
    this.#logFrom = fstatSync(log).size
    // The kernel kills it when this process dies, however it dies (setpriv becomes the program, so it is our own child).
    // A session of its own keeps the terminal's Ctrl-C away from it: the order of stopping is ours.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', file, ...args], { env, stdio: ['ignore', log, log], detached: true })
    closeSync(log)
    this.#child = child
    this.#ended = new Promise((resolve) => {
      const end = (how: string) => {
        if (this.#child !== child) return
        this.#child = undefined
        if (!this.#expected) this.#options.onUnexpectedEnd(`${this.name} ended by itself (${how}); its log is ${this.logFile}`)
        resolve()
      }
      child.on('error', (error) => end(error.message)).on('exit', (code, signal) => end(`${signal ?? code}`))
    })
  }

  async #untilReady(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (!this.running) throw new Error('ended')
      signal.throwIfAborted()
      try {
        return await this.#options.ready(signal)
      } catch {
        await delay(askAgainMs)
      }
    }
  }
}
