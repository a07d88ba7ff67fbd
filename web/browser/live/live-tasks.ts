/** The number of due tasks, and a notice if one has just become due. */
export interface TasksEvent {
  count: string
  notice: string | null
}

/** Updates the count in the navigation, shows the notice on any page, and refreshes the list of tasks if it is open. */
export function showTasks({ count, notice }: TasksEvent): void {
  const counter = document.getElementById('due-tasks')
  if (counter) counter.innerHTML = count
  if (notice !== null) showNotice(notice)
  if (document.getElementById('tasks')) refreshList()
}

function showNotice(html: string): void {
  const notices = document.getElementById('notices')
  if (!notices) return
  // Only the newest notice: the count shows how many tasks are due.
  notices.querySelector('[data-task-notice]')?.remove()
  notices.insertAdjacentHTML('beforeend', html)
  window.htmx.process(notices)
}

/** Waits while the agent chooses a time in the list. Morphing keeps the focus. */
function refreshList(): void {
  if (document.querySelector('#tasks details[open]')) return
  void window.htmx.ajax('GET', '/tasks', { source: '#tasks', target: '#tasks', swap: 'innerMorph' }).catch(() => {})
}
