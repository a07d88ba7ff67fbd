const watchers: (() => void)[] = []

/** Calls back now and after every change of the document tree, by htmx, a live event or the history. */
export function onPageChange(changed: () => void): void {
  if (watchers.length === 0)
    new MutationObserver(() => watchers.forEach((watcher) => watcher())).observe(document.body, { childList: true, subtree: true })
  watchers.push(changed)
  changed()
}
