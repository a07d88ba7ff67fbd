import type { StaffMember } from '../../domain/accounts/staff.ts'
import type { CallList } from '../../domain/call-lists/lists.ts'
import type { Disposition } from '../../domain/calls/wrap-up/dispositions.ts'
import { noDisposition, type FilterName } from '../forms/call-filter.ts'
import type { Wording } from './wording.ts'

/** What the ids of the filters stand for. */
export interface FilterChoices {
  staff: StaffMember[]
  dispositions: Disposition[]
  lists: Pick<CallList, 'id' | 'name'>[]
}

/** A chosen filter of the history: the agent's name, not the id. */
export function filterText(name: FilterName, value: string, { staff, dispositions, lists }: FilterChoices, words: Wording): string {
  const { t } = words
  const id = Number(value)
  switch (name) {
    case 'agent':
      return staff.find(({ agentId }) => agentId === id)?.name ?? value
    case 'direction':
      return t(`calls.direction.${value}`)
    case 'outcome':
      return t(`outcome.${value}.short`)
    case 'disposition':
      return value === noDisposition ? t('wrap-up.none') : (dispositions.find((each) => each.id === id)?.label ?? value)
    case 'list':
      return lists.find((each) => each.id === id)?.name ?? value
    case 'number':
      return value
    case 'from':
    case 'to':
      return t(`calls.filter.${name}.words`, { day: words.date(value) })
  }
}
