const watchers: (() => void)[] = []

/** Calls back now and after every change of what the page consists of, whoever made it: htmx, a live event, going back. */
export function onPageChange(changed: () => void): void {
  if (watchers.length === 0)
    new MutationObserver(() => watchers.forEach((watcher) => watcher())).observe(document.body, { childList: true, subtree: true })
  watchers.push(changed)
  changed()
}
