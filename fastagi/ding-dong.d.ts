// What we use of ding-dong 0.1.7, which ships no types. Its command methods (exec, dial, setVariable and fifty more)
// are left out on purpose: they quote nothing.

declare module 'ding-dong/lib/context.js' {
  import type { EventEmitter } from 'node:events'

  /** What its stream uses of a socket. */
  export interface Wrapped {
    on(event: string, listener: (...args: unknown[]) => void): unknown
    pause(): unknown
    resume(): unknown
    write(text: string): boolean
    end(text?: string): unknown
  }

  export default class Context extends EventEmitter {
    constructor(socket: Wrapped)
    /** readable-stream's wrapper: decodes UTF-8 across packets, and passes write() and end() on. */
    protected stream: { read(): string | null; write(text: string): boolean; end(text?: string): void }
    /** Who waits for the reply to the command in flight. There is one slot. */
    protected pending: ((error: Error | null, reply?: unknown) => void) | null
    /** Called whenever the socket has something. Returns what is to be kept for next time. */
    protected read(): string
    /** Writes the line and fills `pending`. */
    protected sendCommand(line: string): Promise<unknown>
    protected end(): Promise<void>
  }
}
