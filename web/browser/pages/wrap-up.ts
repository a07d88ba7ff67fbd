import { onPageChange } from '../dom/dom-observer.ts'
import { postForm } from '../dom/post.ts'
import { deleteDraft, findDraft, saveDraft, type Draft } from './wrap-up-drafts.ts'

const typingPauseMs = 700
const retryMs = 5000

/** Saves each wrap-up while the agent types, first in this browser and then at the site. It needs no button. */
export function watchWrapUps(): void {
  const known = new WeakSet<HTMLFormElement>()
  onPageChange(() => {
    for (const form of document.querySelectorAll<HTMLFormElement>('form[data-wrap-up]')) {
      if (known.has(form)) continue
      known.add(form)
      new WrapUpForm(form)
    }
  })
}

class WrapUpForm {
  readonly #form: HTMLFormElement
  readonly #callId: string
  #timer: ReturnType<typeof setTimeout> | undefined
  #sending = false

  constructor(form: HTMLFormElement) {
    this.#form = form
    this.#callId = form.dataset['wrapUp'] ?? ''
    form.toggleAttribute('data-saves-itself', true)
    const draft = findDraft(this.#callId)
    if (draft) this.#restore(draft)
    form.addEventListener('input', () => this.#saveDraft(typingPauseMs))
    // Outside the text field, shortcuts work again.
    this.#note.addEventListener('keydown', ({ key }) => key === 'Escape' && this.#note.blur())
    form.addEventListener('change', () => this.#saveDraft(0))
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#saveDraft(0)
    })
    window.addEventListener('online', () => findDraft(this.#callId) && this.#sendIn(0))
  }

  #restore(draft: Draft): void {
    fill(this.#form, draft)
    this.#sendIn(0)
  }

  #saveDraft(ms: number): void {
    saveDraft(this.#callId, this.#draft())
    this.#sendIn(ms)
  }

  #sendIn(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#send(), ms)
  }

  async #send(): Promise<void> {
    if (this.#sending) return this.#sendIn(100)
    this.#sending = true
    this.#showState('saving')
    const draft = this.#draft()
    try {
      // `keepalive`: the request continues if the page unloads.
      const response = await postForm(this.#form.action, { ...draft, revision: this.#revision.value }, { keepalive: true })
      if (response?.ok) await this.#saved(response, draft)
      else if (response?.status === 409) await this.#showConflict(response)
      else this.#retryLater()
    } catch {
      this.#retryLater()
    }
    this.#sending = false
  }

  async #saved(response: Response, draft: Draft): Promise<void> {
    const { revision } = (await response.json()) as { revision: number }
    deleteDraft(this.#callId, draft)
    // The panel and the page of the call may both have this form.
    for (const form of document.querySelectorAll<HTMLFormElement>(`form[data-wrap-up="${this.#callId}"]`)) {
      const field = form.elements.namedItem('revision') as HTMLInputElement
      field.value = String(revision)
      if (form !== this.#form) fill(form, draft)
    }
    this.#showState('saved')
  }

  /** Another user saved this wrap-up first. Shows that note and keeps the typed text; the next save overwrites it. */
  async #showConflict(response: Response): Promise<void> {
    const { revision, note } = (await response.json()) as { revision: number; note: string }
    this.#revision.value = String(revision)
    this.#showState('changed', (this.#form.dataset['wordTheirs'] ?? '').replace('{note}', note === '' ? '—' : note))
  }

  #retryLater(): void {
    this.#showState('offline')
    if (this.#form.isConnected) this.#sendIn(retryMs)
  }

  #showState(state: 'saving' | 'saved' | 'offline' | 'changed', more = ''): void {
    const element = this.#form.querySelector<HTMLElement>('[data-wrap-up-state]')
    if (!element) return
    element.dataset['wrapUpState'] = state
    element.textContent = `${this.#form.getAttribute(`data-word-${state}`) ?? ''} ${more}`.trim()
  }

  #draft(): Draft {
    return { disposition: this.#choices.find(({ checked }) => checked)?.value ?? '', note: this.#note.value.trimEnd() }
  }

  get #note(): HTMLTextAreaElement {
    return this.#form.elements.namedItem('note') as HTMLTextAreaElement
  }

  get #revision(): HTMLInputElement {
    return this.#form.elements.namedItem('revision') as HTMLInputElement
  }

  get #choices(): HTMLInputElement[] {
    return [...this.#form.querySelectorAll<HTMLInputElement>('input[name="disposition"]')]
  }
}

function fill(form: HTMLFormElement, { note, disposition }: Draft): void {
  const field = form.elements.namedItem('note') as HTMLTextAreaElement
  field.value = note
  for (const choice of form.querySelectorAll<HTMLInputElement>('input[name="disposition"]')) choice.checked = choice.value === disposition
}
