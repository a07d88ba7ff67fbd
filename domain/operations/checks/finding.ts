/** The result of one check. A fault stops calls or endangers data; a warning will do so later. */
export interface Finding {
  level: 'ok' | 'warning' | 'fault'
  /** The finding, as a sentence without its full stop. */
  says: string
  /** How to fix it. Absent if all is well. */
  mend?: string
}

export const ok = (says: string): Finding => ({ level: 'ok', says })
export const warning = (says: string, mend: string): Finding => ({ level: 'warning', says, mend })
export const fault = (says: string, mend: string): Finding => ({ level: 'fault', says, mend })

/** Thrown if a part does not answer at all. Checks that depend on it are skipped. */
export class Unavailable extends Error {
  readonly finding: Finding

  constructor(says: string, mend: string) {
    super(says)
    this.finding = fault(says, mend)
  }
}
