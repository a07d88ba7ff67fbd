export interface Task {
  /** Processor cores that it keeps busy, on average; Infinity runs it alone. */
  cores: number
  /** How long it is expected to take. */
  seconds: number
  run: () => Promise<void>
}

/**
 * Runs all tasks, longest first, with all `cores` busy: what waits runs beside what computes. Tasks that must be alone come last.
 */
export async function runPool(tasks: Task[], cores: number): Promise<void> {
  const waiting = [...tasks].sort((a, b) => b.seconds - a.seconds)
  const running = new Map<Task, Promise<void>>()
  while (waiting.length > 0 || running.size > 0) {
    for (let task = nextTask(waiting, [...running.keys()], cores); task; task = nextTask(waiting, [...running.keys()], cores)) {
      const started = task
      waiting.splice(waiting.indexOf(started), 1)
      running.set(
        started,
        started.run().finally(() => running.delete(started)),
      )
    }
    await Promise.race(running.values())
  }
}

/** The longest task that fits, of the kind (computing or mostly waiting) that keeps fewer cores busy now. */
export function nextTask(waiting: Task[], running: Task[], cores: number): Task | undefined {
  const coresOf = (tasks: Task[]) => tasks.reduce((sum, task) => sum + task.cores, 0)
  // A tenth more than there is: the cores of a task are an average.
  const free = cores * 1.1 - coresOf(running)
  const fitting = waiting.filter((task) => task.cores <= free)
  if (fitting.length === 0) return running.length === 0 ? waiting[0] : undefined
  const computing = coresOf(running.filter(computes))
  const wanted = computing <= coresOf(running) - computing
  return fitting.find((task) => computes(task) === wanted) ?? fitting[0]
}

function computes(task: Task): boolean {
  return task.cores >= 1
}
