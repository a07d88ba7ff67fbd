/** A wrap-up that the site has not confirmed. It is stored in the browser, so that it survives a crash of the page. */
export interface Draft {
  disposition: string
  note: string
}

const prefix = 'ramal-wrap-up:'

export function saveDraft(callId: string, draft: Draft): void {
  // If the browser blocks storage, the draft is still sent to the site.
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

/** Deletes the draft that the site has saved, unless the agent has changed it since. */
export function deleteDraft(callId: string, saved: Draft): void {
  const draft = findDraft(callId)
  if (draft && draft.note === saved.note && draft.disposition === saved.disposition) localStorage.removeItem(prefix + callId)
}
