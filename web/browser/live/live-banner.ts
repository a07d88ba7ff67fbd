/** What the people of a company have to know before they call; null when there is nothing. */
export interface BannerEvent {
  warning: string | null
  html: string
}

/** Shows the warning above the page. One that is there already stays as it is: nobody is told twice, and no focus is lost. */
export function showBanner({ warning, html }: BannerEvent): void {
  const place = document.getElementById('banner')
  const shown = place?.querySelector<HTMLElement>('[data-warning]')?.dataset['warning'] ?? null
  if (!place || shown === warning) return
  place.innerHTML = html
  window.htmx.process(place)
}
