import { onPageChange } from '../dom/dom-observer.ts'

const key = 'ramal-list-pause'

/** The agent's setting, kept for this tab. In a new tab, auto-dial is off. */
interface AutoDialSetting {
  auto: boolean
  seconds: number
}

/** If the agent has switched auto-dial on, calls each new lead of a list after a countdown, unless the agent stops it. */
export function watchAutoDial(callButton: () => HTMLElement | null): void {
  /** The lead that is shown. Each lead gets at most one countdown. */
  let shownLead: string | null = null
  let endsAt: number | null = null
  const stop = () => {
    endsAt = null
    show()
  }
  const show = () => {
    const countdown = document.querySelector<HTMLElement>('[data-list-countdown]')
    if (!countdown) return
    const left = endsAt === null ? 0 : Math.max(0, Math.ceil((endsAt - performance.now()) / 1000))
    const template = countdown.closest<HTMLElement>('[data-list-pause]')?.dataset['wordCountdown'] ?? ''
    const text = endsAt === null ? '' : template.replace('{n}', String(left))
    const sentence = countdown.querySelector('span')
    if (countdown.hidden !== (endsAt === null)) countdown.hidden = endsAt === null
    if (sentence && sentence.textContent !== text) sentence.textContent = text
  }
  onPageChange(() => {
    restore()
    const lead = leadToCall()
    if (lead === shownLead) return
    shownLead = lead
    if (lead === null || !storedSetting().auto) return stop()
    endsAt = performance.now() + storedSetting().seconds * 1000
    show()
  })
  setInterval(() => {
    if (endsAt === null) return
    if (isBusy(callButton()) || shownLead === null || document.hidden) return stop()
    if (performance.now() < endsAt) return show()
    stop()
    callButton()?.click()
  }, 200)
  document.addEventListener('change', ({ target }) => {
    if (!(target as Element).closest('[data-list-pause]')) return
    save()
    // A new setting applies from the next lead on, so that switching auto-dial on does not call the current one.
    stop()
  })
  document.addEventListener('click', ({ target }) => {
    if ((target as Element).closest('[data-list-wait]')) stop()
  })
}

/** Whether the phone cannot call now, the lead must not be called, or the agent is choosing a later time. */
function isBusy(button: HTMLElement | null): boolean {
  return button?.getAttribute('aria-disabled') === 'true' || document.querySelector('[data-list-later][open]') !== null
}

function leadToCall(): string | null {
  return document.querySelector<HTMLElement>('[data-list-lead][data-to-be-called]')?.dataset['listLead'] ?? null
}

function fields(): { auto: HTMLInputElement; seconds: HTMLInputElement } | null {
  const auto = document.querySelector<HTMLInputElement>('[data-list-auto]')
  const seconds = document.querySelector<HTMLInputElement>('[data-list-seconds]')
  return auto && seconds ? { auto, seconds } : null
}

/** Fills the fields of a new page with the stored setting. */
function restore(): void {
  const shown = fields()
  if (!shown || shown.auto.dataset['restored']) return
  shown.auto.dataset['restored'] = 'yes'
  const { auto, seconds } = storedSetting()
  shown.auto.checked = auto
  shown.seconds.value = String(seconds)
}

function save(): void {
  const shown = fields()
  if (!shown) return
  const seconds = Math.min(120, Math.max(1, Math.round(Number(shown.seconds.value)) || defaults.seconds))
  shown.seconds.value = String(seconds)
  // If the browser blocks storage, auto-dial stays off.
  try {
    sessionStorage.setItem(key, JSON.stringify({ auto: shown.auto.checked, seconds }))
  } catch {
    shown.auto.checked = false
  }
}

const defaults: AutoDialSetting = { auto: false, seconds: 5 }

function storedSetting(): AutoDialSetting {
  try {
    const stored = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Partial<AutoDialSetting> | null
    return { auto: stored?.auto === true, seconds: Number(stored?.seconds) || defaults.seconds }
  } catch {
    return defaults
  }
}
