/** How many calls are to be made now, and what has just come due; `notice` is null when something else changed. */
export interface TasksEvent {
  count: string
  notice: string | null
}

/** The count of the navigation, a notice wherever the agent is, and the list, where it is open. */
export function showTasks({ count, notice }: TasksEvent): void {
  const place = document.getElementById('due-tasks')
  if (place) place.innerHTML = count
  if (notice !== null) showNotice(notice)
  if (document.getElementById('tasks')) refreshList()
}

function showNotice(html: string): void {
  const notices = document.getElementById('notices')
  if (!notices) return
  // The newest is enough: the count says how many there are.
  notices.querySelector('[data-task-notice]')?.remove()
  notices.insertAdjacentHTML('beforeend', html)
  window.htmx.process(notices)
}

/** Not while somebody chooses a time in it. Morphed, so that what has the focus keeps it. */
function refreshList(): void {
  if (document.querySelector('#tasks details[open]')) return
  void window.htmx.ajax('GET', '/tasks', { source: '#tasks', target: '#tasks', swap: 'innerMorph' }).catch(() => {})
}
