import type { Panel } from '../state/panel.ts'

interface Suggestion {
  name: string
  /** Whether the suggestion is useful now. */
  applies: () => boolean
  accept: () => void
  /** Shown again the next day after an answer, or never. */
  every: 'day' | 'once'
}

/** Shows one suggestion at a time in the panel of the tab that owns the phone, while the agent has no call. */
export function watchSuggestions(panel: Panel, suggestions: readonly Suggestion[]): void {
  const show = () => {
    const isOwner = !panel.element.hasAttribute('data-remote')
    const isIdle = isOwner && panel.line === 'ready' && panel.call === 'none'
    const suggestion = isIdle ? suggestions.find((suggestion) => !wasAnswered(suggestion) && suggestion.applies()) : undefined
    panel.element.dataset['offer'] = suggestion?.name ?? ''
  }
  for (const suggestion of suggestions) {
    const answer = (action: () => void) => () => {
      saveAnswer(suggestion)
      show()
      action()
    }
    panel.part(`accept-${suggestion.name}`)?.addEventListener('click', answer(suggestion.accept))
    panel.part(`decline-${suggestion.name}`)?.addEventListener(
      'click',
      answer(() => undefined),
    )
  }
  panel.watch(show)
}

function wasAnswered(suggestion: Suggestion): boolean {
  return localStorage.getItem(key(suggestion)) === stamp(suggestion)
}

function saveAnswer(suggestion: Suggestion): void {
  localStorage.setItem(key(suggestion), stamp(suggestion))
}

function key({ name }: Suggestion): string {
  return `ramal.offer.${name}`
}

/** Uses the computer's local date, because midnight UTC may be during the agent's working day. */
function stamp({ every }: Suggestion): string {
  return every === 'once' ? 'answered' : new Date().toLocaleDateString('sv')
}
