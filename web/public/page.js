// What the frame of the page does by itself: navigation follows the page, notices go away, things are copied.
// The phone and the live rows are in web/browser.
/* global document, location, MutationObserver, navigator */

document.documentElement.toggleAttribute('data-js', true)

/** A new page: the navigation follows it, and a screen reader starts at its title. */
function arrive() {
  const { section } = document.getElementById('page').dataset
  for (const link of document.querySelectorAll('#nav a[data-section]')) {
    if (link.dataset.section === section) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  closeMenu()
  const wrong = document.querySelector('#page [aria-invalid="true"]')
  const start = wrong ?? document.querySelector('#page h1')
  start?.focus({ preventScroll: true })
  // With its label above and its sentence below.
  wrong?.scrollIntoView({ block: 'center' })
}

let shown = document.getElementById('page')
let shownAt = location.href
document.addEventListener('htmx:after:swap', () => {
  const page = document.getElementById('page')
  // Going back puts new content into the same element; a row or a search result is no new page.
  const isNew =
    page !== shown || (page.dataset.section !== undefined && location.href !== shownAt && !page.contains(document.activeElement))
  shown = page
  shownAt = location.href
  if (isNew) arrive()
  showCopyButtons()
})

/** Buttons that need this script are hidden until it runs. */
function showCopyButtons() {
  for (const button of document.querySelectorAll('[data-copy][hidden]')) button.hidden = false
}
showCopyButtons()

// An answer of the site without htmx.
if (document.querySelector('#page [aria-invalid="true"]')) arrive()

document.addEventListener('click', async ({ target }) => {
  const dismiss = target.closest('[data-dismiss]')
  if (dismiss) dismiss.closest('.notice').remove()

  const menu = target.closest('[data-menu]')
  if (menu) menu.setAttribute('aria-expanded', String(menu.getAttribute('aria-expanded') !== 'true'))

  const copy = target.closest('[data-copy]')
  if (!copy) return
  await navigator.clipboard.writeText(copy.dataset.copy)
  copy.textContent = copy.dataset.copied
})

function closeMenu() {
  document.querySelector('[data-menu]')?.setAttribute('aria-expanded', 'false')
}
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') closeMenu()
})

// A number that is copied whole is copied as machines write it, +5511987654321.
document.addEventListener('copy', (event) => {
  const selection = document.getSelection()
  const number = selection?.anchorNode?.parentElement?.closest('[data-copy-as]')
  if (!number || selection.toString().trim() !== number.textContent.trim()) return
  event.clipboardData.setData('text/plain', number.dataset.copyAs)
  event.preventDefault()
})

// A change is undone once: its notice goes.
document.addEventListener('htmx:after:swap', ({ target, detail }) => {
  if (detail.ctx.response?.status < 400) target.closest('#notices .notice form')?.closest('.notice').remove()
})

const mostNotices = 3
const notices = document.getElementById('notices')

/** The oldest notices make room. Due tasks and the state of this page stay. */
function limitNotices() {
  const shown = [...notices.querySelectorAll('.notice:not([data-paused-notice], [data-new-version], [data-task-notice])')]
  for (const notice of shown.slice(0, -mostNotices)) notice.remove()
}
if (notices) new MutationObserver(limitNotices).observe(notices, { childList: true })

// The style fades a notice out at the end of its time.
document.addEventListener('animationend', ({ target, animationName }) => {
  if (animationName === 'leave') target.remove()
})

// No answer at all: an answer that says no is shown where it belongs.
document.addEventListener('htmx:error', ({ detail }) => {
  if (detail.ctx && !detail.ctx.response) sayNoAnswer()
})

// In the place of #page an answer that is not the site's leaves nothing, and the next link would replace the whole body.
document.addEventListener('htmx:before:swap', (event) => {
  if (!isForeign(event.detail)) return
  event.preventDefault()
  sayNoAnswer()
})

/** Without the part that was wanted; or a whole document in the place of a part, of which the site sends none: nginx's own page. */
function isForeign({ ctx, tasks }) {
  const main = tasks.find(({ type }) => type === 'main')
  return ctx.select ? main?.fragment.childElementCount === 0 : /<html[\s>]/i.test(ctx.text)
}

let noAnswer
function sayNoAnswer() {
  noAnswer?.remove()
  noAnswer = document.getElementById('no-answer').content.firstElementChild.cloneNode(true)
  notices.append(noAnswer)
}
