import type { Controls } from '../state/controls.ts'
import type { Panel } from '../state/panel.ts'
import { postForm } from '../dom/post.ts'
import { addShortcuts } from '../dom/shortcuts.ts'

/** An incoming call, or a colleague's call. CSS hides the transfer button for both. */
const notTransferable = '#phone-call :is([data-incoming], [data-not-own])'

/** The transfer form: opens in the panel, filters colleagues while the agent types, and posts the choice to the site. */
export function watchTransferForm(panel: Panel, controls: () => Controls): void {
  const container = panel.element.querySelector<HTMLElement>('#phone-transfer')
  const button = panel.part('transfer')
  if (!container || !button) return
  const show = (html: string) => {
    container.innerHTML = html
    button.setAttribute('aria-expanded', String(html !== ''))
    container.querySelector<HTMLElement>('[type=search], button')?.focus()
  }
  const close = () => {
    if (container.innerHTML === '') return
    show('')
    button.focus()
  }
  const toggle = async () => {
    const { callId } = panel.view
    if (container.querySelector('form')) return close()
    if (panel.call !== 'up' || callId === null || panel.element.querySelector(notTransferable)) return
    const response = await fetch(`/calls/${callId}/transfers/new`).catch(() => null)
    if (panel.view.callId !== callId) return
    if (response && [200, 409].includes(response.status)) show(await response.text())
    else if (!response) show(document.querySelector('#no-answer')?.innerHTML ?? '')
  }
  button.addEventListener('click', () => void toggle())
  addShortcuts({ t: () => void toggle() })
  container.addEventListener('click', ({ target }) => {
    if ((target as Element).closest('[data-transfer=close]')) close()
  })
  container.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    close()
  })
  container.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === 'search') filter(container, target.value)
  })
  container.addEventListener('submit', (event) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const chosen = form.querySelector<HTMLInputElement>('[name=to]:checked')
    const kind = (event.submitter as HTMLButtonElement | null)?.value ?? 'blind'
    if (chosen)
      void send(form, chosen.value, kind).then(async (response) => {
        const noAnswer = form.querySelector<HTMLElement>('[data-transfer=no-answer]')
        if (response?.status === 201 && kind === 'attended') controls().consult()
        const answer = response && (await response.text())
        if (answer === null && noAnswer) noAnswer.hidden = false
        // The lead may have hung up, which closes the form.
        else if (answer !== null && panel.call === 'up' && panel.view.consultation === 'none') show(answer)
      })
  })
  panel.watch(() => {
    if ((panel.call === 'none' || panel.view.consultation !== 'none') && container.innerHTML !== '') show('')
  })
}

/** Shows the colleagues whose name or extension contains the typed text, and selects the first free one, for Enter. */
function filter(container: HTMLElement, typed: string): void {
  const searched = normalize(typed)
  const rows = [...container.querySelectorAll<HTMLElement>('[data-name]')]
  for (const row of rows) row.hidden = !normalize(row.dataset['name'] ?? '').includes(searched)
  const shown = rows.filter((row) => !row.hidden)
  const none = container.querySelector<HTMLElement>('[data-transfer=none]')
  if (none) none.hidden = shown.length > 0
  const choices = shown.map((row) => row.querySelector<HTMLInputElement>('input')).filter((input) => input?.disabled === false)
  for (const input of container.querySelectorAll<HTMLInputElement>('[name=to]')) input.checked = searched !== '' && input === choices[0]
}

/** Lower case, without accents. */
function normalize(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .trim()
}

/** The site's response with text for the panel; null if the request failed. */
async function send(form: HTMLFormElement, to: string, kind: string): Promise<Response | null> {
  const submit = form.querySelector<HTMLButtonElement>('button.primary')
  submit?.setAttribute('aria-disabled', 'true')
  const response = await postForm(form.getAttribute('action') ?? '', { to, kind })
  submit?.removeAttribute('aria-disabled')
  return response && [201, 409, 500].includes(response.status) ? response : null
}
