/** What an agent has written about a call and the site has not confirmed: it survives a crash of the page. */
export interface Draft {
  disposition: string
  note: string
}

const prefix = 'ramal-wrap-up:'

export function keepDraft(callId: string, draft: Draft): void {
  // A browser that refuses to keep anything still sends it.
  try {
    localStorage.setItem(prefix + callId, JSON.stringify(draft))
  } catch {
    return
  }
}

export function findDraft(callId: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(prefix + callId) ?? 'null') as Partial<Draft> | null
    return draft ? { disposition: String(draft.disposition ?? ''), note: String(draft.note ?? '') } : null
  } catch {
    return null
  }
}

/** The site has it, unless more was written meanwhile. */
export function dropDraft(callId: string, saved: Draft): void {
  const draft = findDraft(callId)
  if (draft && draft.note === saved.note && draft.disposition === saved.disposition) localStorage.removeItem(prefix + callId)
}
