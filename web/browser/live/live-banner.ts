/** The warning for all users of a company; null if there is none. */
export interface BannerEvent {
  warning: string | null
  html: string
}

/** Shows the warning above the page. The same warning stays in place, so that screen readers do not repeat it and it keeps the focus. */
export function showBanner({ warning, html }: BannerEvent): void {
  const banner = document.getElementById('banner')
  const shown = banner?.querySelector<HTMLElement>('[data-warning]')?.dataset['warning'] ?? null
  if (!banner || shown === warning) return
  banner.innerHTML = html
  window.htmx.process(banner)
}
