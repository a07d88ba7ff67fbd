import type { Panel } from '../state/panel.ts'

interface Offer {
  name: string
  /** Whether it makes sense now. */
  fits: () => boolean
  accept: () => void
  /** Asked again the next day, or never. */
  every: 'day' | 'once'
}

/** Offers something in the panel of the tab that owns the phone, while there is no call: one thing at a time, and a no is a no. */
export function showSuggestions(panel: Panel, offers: readonly Offer[]): void {
  const show = () => {
    const here = !panel.element.hasAttribute('data-remote')
    const calm = here && panel.line === 'ready' && panel.call === 'none'
    const offer = calm ? offers.find((offer) => !wasAnswered(offer) && offer.fits()) : undefined
    panel.element.dataset['offer'] = offer?.name ?? ''
  }
  for (const offer of offers) {
    const answer = (act: () => void) => () => {
      remember(offer)
      show()
      act()
    }
    panel.part(`accept-${offer.name}`)?.addEventListener('click', answer(offer.accept))
    panel.part(`decline-${offer.name}`)?.addEventListener(
      'click',
      answer(() => undefined),
    )
  }
  panel.watch(show)
}

function wasAnswered(offer: Offer): boolean {
  return localStorage.getItem(key(offer)) === stamp(offer)
}

function remember(offer: Offer): void {
  localStorage.setItem(key(offer), stamp(offer))
}

function key({ name }: Offer): string {
  return `ramal.offer.${name}`
}

/** The day of the computer: an agent's day begins in the morning, not at midnight UTC. */
function stamp({ every }: Offer): string {
  return every === 'once' ? 'answered' : new Date().toLocaleDateString('sv')
}
