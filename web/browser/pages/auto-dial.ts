import { onPageChange } from '../dom/dom-observer.ts'

const key = 'ramal-list-pause'

/** What the agent has chosen, for this tab and this day's work: a browser that is opened anew dials nobody by itself. */
interface Choice {
  auto: boolean
  seconds: number
}

/**
 * Between two calls of a list: when the agent has switched that on, the lead who has just appeared is called after a pause
 * that is counted down, unless somebody says wait. Otherwise a person presses the button.
 */
export function runAutoDial(callButton: () => HTMLElement | null): void {
  /** The lead that was counted down for, or was not to be: each once. */
  let seen: string | null = null
  let endsAt: number | null = null
  const stop = () => {
    endsAt = null
    show()
  }
  const show = () => {
    const place = document.querySelector<HTMLElement>('[data-list-countdown]')
    if (!place) return
    const left = endsAt === null ? 0 : Math.max(0, Math.ceil((endsAt - performance.now()) / 1000))
    const words = place.closest<HTMLElement>('[data-list-pause]')?.dataset['wordCountdown'] ?? ''
    const text = endsAt === null ? '' : words.replace('{n}', String(left))
    const sentence = place.querySelector('span')
    if (place.hidden !== (endsAt === null)) place.hidden = endsAt === null
    if (sentence && sentence.textContent !== text) sentence.textContent = text
  }
  onPageChange(() => {
    restore()
    const lead = leadToBeCalled()
    if (lead === seen) return
    seen = lead
    if (lead === null || !choice().auto) return stop()
    endsAt = performance.now() + choice().seconds * 1000
    show()
  })
  setInterval(() => {
    if (endsAt === null) return
    if (isBusy(callButton()) || seen === null || document.hidden) return stop()
    if (performance.now() < endsAt) return show()
    stop()
    callButton()?.click()
  }, 200)
  document.addEventListener('change', ({ target }) => {
    if (!(target as Element).closest('[data-list-pause]')) return
    keep()
    // What was switched on counts from the next lead on: nobody is called by a tick in a box.
    stop()
  })
  document.addEventListener('click', ({ target }) => {
    if ((target as Element).closest('[data-list-wait]')) stop()
  })
}

/** The phone cannot call now, the lead is not to be called, or the agent is choosing when to call instead. */
function isBusy(button: HTMLElement | null): boolean {
  return button?.getAttribute('aria-disabled') === 'true' || document.querySelector('[data-list-later][open]') !== null
}

function leadToBeCalled(): string | null {
  return document.querySelector<HTMLElement>('[data-list-lead][data-to-be-called]')?.dataset['listLead'] ?? null
}

function fields(): { auto: HTMLInputElement; seconds: HTMLInputElement } | null {
  const auto = document.querySelector<HTMLInputElement>('[data-list-auto]')
  const seconds = document.querySelector<HTMLInputElement>('[data-list-seconds]')
  return auto && seconds ? { auto, seconds } : null
}

/** Puts what was chosen into the fields of a page that has just come. */
function restore(): void {
  const shown = fields()
  if (!shown || shown.auto.dataset['restored']) return
  shown.auto.dataset['restored'] = 'yes'
  const { auto, seconds } = choice()
  shown.auto.checked = auto
  shown.seconds.value = String(seconds)
}

function keep(): void {
  const shown = fields()
  if (!shown) return
  const seconds = Math.min(120, Math.max(1, Math.round(Number(shown.seconds.value)) || usual.seconds))
  shown.seconds.value = String(seconds)
  // A browser that refuses to keep anything dials nobody by itself.
  try {
    sessionStorage.setItem(key, JSON.stringify({ auto: shown.auto.checked, seconds }))
  } catch {
    shown.auto.checked = false
  }
}

const usual: Choice = { auto: false, seconds: 5 }

function choice(): Choice {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Partial<Choice> | null
    return { auto: kept?.auto === true, seconds: Number(kept?.seconds) || usual.seconds }
  } catch {
    return usual
  }
}
