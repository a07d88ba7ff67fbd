import { onPageChange } from '../dom/dom-observer.ts'
import { postForm } from '../dom/post.ts'
import { dropDraft, findDraft, keepDraft, type Draft } from './wrap-up-drafts.ts'

const typingPauseMs = 700
const tryAgainMs = 5000

/** Saves what is said of a call while it is typed, first in this browser and then at the site. Nothing waits for a button. */
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
    form.addEventListener('input', () => this.#changed(typingPauseMs))
    // Out of the text, to where keys are commands again.
    this.#note.addEventListener('keydown', ({ key }) => key === 'Escape' && this.#note.blur())
    form.addEventListener('change', () => this.#changed(0))
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#changed(0)
    })
    window.addEventListener('online', () => findDraft(this.#callId) && this.#sendIn(0))
  }

  #restore(draft: Draft): void {
    fill(this.#form, draft)
    this.#sendIn(0)
  }

  #changed(ms: number): void {
    keepDraft(this.#callId, this.#draft())
    this.#sendIn(ms)
  }

  #sendIn(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#send(), ms)
  }

  async #send(): Promise<void> {
    if (this.#sending) return this.#sendIn(100)
    this.#sending = true
    this.#say('saving')
    const draft = this.#draft()
    try {
      // The page may be going away: the request outlives it.
      const response = await postForm(this.#form.action, { ...draft, revision: this.#revision.value }, { keepalive: true })
      if (response?.ok) await this.#saved(response, draft)
      else if (response?.status === 409) await this.#changedMeanwhile(response)
      else this.#waitForTheSite()
    } catch {
      this.#waitForTheSite()
    }
    this.#sending = false
  }

  async #saved(response: Response, draft: Draft): Promise<void> {
    const { revision } = (await response.json()) as { revision: number }
    dropDraft(this.#callId, draft)
    // The same call may be in the panel and on its page.
    for (const form of document.querySelectorAll<HTMLFormElement>(`form[data-wrap-up="${this.#callId}"]`)) {
      const field = form.elements.namedItem('revision') as HTMLInputElement
      field.value = String(revision)
      if (form !== this.#form) fill(form, draft)
    }
    this.#say('saved')
  }

  /** What is typed stays, and the next saving is one over the words that are shown now. */
  async #changedMeanwhile(response: Response): Promise<void> {
    const { revision, note } = (await response.json()) as { revision: number; note: string }
    this.#revision.value = String(revision)
    this.#say('changed', (this.#form.dataset['wordTheirs'] ?? '').replace('{note}', note === '' ? '—' : note))
  }

  #waitForTheSite(): void {
    this.#say('offline')
    if (this.#form.isConnected) this.#sendIn(tryAgainMs)
  }

  #say(word: 'saving' | 'saved' | 'offline' | 'changed', more = ''): void {
    const place = this.#form.querySelector<HTMLElement>('[data-wrap-up-state]')
    if (!place) return
    place.dataset['wrapUpState'] = word
    place.textContent = `${this.#form.getAttribute(`data-word-${word}`) ?? ''} ${more}`.trim()
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
