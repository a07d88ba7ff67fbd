import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { SetupFailure } from '../setup/failure.ts'

export type DaemonOptions = {
  name: string
  /** Called at each start. */
  command: () => { file: string; args: string[]; env: NodeJS.ProcessEnv }
  logFile: string
  /** Asks the daemon whether it is ready; rejects while it is not. */
  ready: (signal: AbortSignal) => Promise<void>
  beforeStart?: () => Promise<void> | void
  readyWithinMs?: number
  stopWithinMs?: number
  /** Called when the daemon ends and neither `stop` nor `kill9` was called. */
  onUnexpectedEnd: (text: string) => void
}

const askAgainMs = 40

/** A long-running program of the stack. `start` waits until it is ready, `stop` until it has ended. */
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

  /** Resolves when the program is ready. If it fails, the program is killed, and the error contains the end of its log. */
  async start(): Promise<void> {
    if (this.#child) return
    await this.#options.beforeStart?.()
    this.#spawn()
    // If it ends before it is ready, start() reports that.
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

  /** Sends SIGTERM, and SIGKILL if that is not enough. */
  async stop(): Promise<void> {
    const child = this.#child
    if (!child) return
    this.#expected = true
    child.kill('SIGTERM')
    const killTimer = setTimeout(() => child.kill('SIGKILL'), this.#options.stopWithinMs ?? 10_000)
    await this.#ended
    clearTimeout(killTimer)
  }

  /** Ends it like a power cut, the OOM killer or a bug. */
  async kill9(): Promise<void> {
    this.#expected = true
    this.#child?.kill('SIGKILL')
    await this.#ended
  }

  /** SIGSTOP suspends it, with open sockets; SIGCONT resumes it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal)
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  /** The last lines of its log since its last start. */
  logTail(lines = 25): string {
    if (!existsSync(this.logFile)) return '(no log)'
    return readFileSync(this.logFile).subarray(this.#logFrom).toString().trimEnd().split('\n').slice(-lines).join('\n')
  }

  #spawn(): void {
    const { file, args, env } = this.#options.command()
    mkdirSync(dirname(this.logFile), { recursive: true })
    const log = openSync(this.logFile, 'a')
    this.#logFrom = fstatSync(log).size
    // With --pdeathsig the kernel kills it when this process ends. setpriv replaces itself by the program, so that is our child.
    // detached: Ctrl-C in the terminal does not reach it, so that the stack stops its daemons in order.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', file, ...args], { env, stdio: ['ignore', log, log], detached: true })
    closeSync(log)
    this.#child = child
    this.#ended = new Promise((resolve) => {
      const end = (how: string) => {
        if (this.#child !== child) return
        this.#child = undefined
        if (!this.#expected) this.#options.onUnexpectedEnd(`${this.name} ended unexpectedly (${how}); its log is ${this.logFile}`)
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
