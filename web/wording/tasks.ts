import type { Task } from '../../domain/tasks/tasks.ts'
import type { Translate } from '../locales/translate.ts'

/** What a task asks for. */
export function taskText({ kind, missed_calls }: Pick<Task, 'kind' | 'missed_calls'>, t: Translate): string {
  return missed_calls > 1 ? t('tasks.kind.missed.many', { count: missed_calls }) : t(`tasks.kind.${kind}`)
}
