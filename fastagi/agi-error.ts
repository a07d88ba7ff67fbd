/**
 * Why a command failed.
 *
 * - `gone`: Asterisk has closed the connection, or the request is already answered (finished, failed or late).
 * - `refused`: Asterisk answered 510 (unknown command), 511 (not on a dead channel), 520 (wrong use) or another error.
 */
export class AgiError extends Error {
  override readonly name = 'AgiError'
  readonly kind: 'gone' | 'refused'

  constructor(kind: 'gone' | 'refused', message: string) {
    super(message)
    this.kind = kind
  }
}
