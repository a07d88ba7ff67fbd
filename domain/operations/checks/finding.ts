/** What one look at a server found. A fault stops calls or endangers what is kept; a warning will, one day. */
export interface Finding {
  level: 'ok' | 'warning' | 'fault'
  /** What is so, as a sentence without its full stop. */
  says: string
  /** How to mend it. Nothing is to be done about what is well. */
  mend?: string
}

export const ok = (says: string): Finding => ({ level: 'ok', says })
export const warning = (says: string, mend: string): Finding => ({ level: 'warning', says, mend })
export const fault = (says: string, mend: string): Finding => ({ level: 'fault', says, mend })

/** Thrown by a look at a part that does not answer at all: nothing that needs it is asked. */
export class Away extends Error {
  readonly finding: Finding

  constructor(says: string, mend: string) {
    super(says)
    this.finding = fault(says, mend)
  }
}
