let isOffered = false

/** Shows the site's offer to reload, once: a user who closed it does not want it again. */
export function offerReload({ html }: { html: string }): void {
  if (isOffered) return
  isOffered = true
  document.getElementById('notices')?.insertAdjacentHTML('beforeend', html)
  document.querySelector('[data-reload]')?.addEventListener('click', () => location.reload())
}
