import type { CsvRow } from './csv-rows.ts'
import { columnsOf } from './layout.ts'
import type { ColumnKind } from './headings.ts'
import { LeadDraft, type Excess } from './lead-draft.ts'
import type { LeftOutCell, ReadLead, RowFault, RowReading } from './read-row.ts'

export interface ReadRow {
  row: CsvRow
  reading: RowReading
}

/** A row that needs a look. */
export interface NotedRow {
  row: CsvRow
  kind: 'refused' | 'left-out' | 'asked'
  fault: RowFault | LeftOutCell['fault']
  cells: LeftOutCell[]
}

const columnOf: Record<Excess['fault'], ColumnKind> = {
  'numbers-many': 'number',
  'tags-many': 'tags',
  'fields-many': 'field',
  'notes-long': 'notes',
}

/** What a batch of rows changes. */
export interface Batch {
  leads: Set<LeadDraft>
  added: number
  merged: number
  repeated: number
  noted: NotedRow[]
  /** The numbers of the rows that came in. */
  numbers: string[]
}

/**
 * Joins the rows of a batch with the leads that their numbers belong to. `known`: the lead of each number, if it has one; the rows add
 * to it. `seen`: the numbers of the file so far: who has one was counted before. A row whose numbers belong to two leads is kept
 * aside: a person decides.
 */
export function collect(
  rows: readonly ReadRow[],
  known: Map<string, LeadDraft>,
  seen: ReadonlySet<string>,
  { columns, tag }: { columns: readonly ColumnKind[]; tag: string },
): Batch {
  const batch: Batch = { leads: new Set(), added: 0, merged: 0, repeated: 0, noted: [], numbers: [] }
  for (const { row, reading } of rows) {
    if (reading.fault !== null) batch.noted.push({ row, kind: 'refused', fault: reading.fault, cells: [] })
    else if (reading.leads.some((lead) => leadsOf(lead).size > 1)) {
      batch.noted.push({ row, kind: 'asked', fault: 'two-leads', cells: reading.leftOut })
    } else {
      const excess = reading.leads.flatMap(add)
      const cells = [...reading.leftOut, ...excess.map(leftOutCell)]
      const [first] = cells
      if (first) batch.noted.push({ row, kind: 'left-out', fault: first.fault, cells })
    }
  }
  return batch

  function leadsOf({ numbers }: ReadLead): Set<LeadDraft> {
    return new Set(numbers.flatMap(({ e164 }) => known.get(e164) ?? []))
  }

  function add(lead: ReadLead): Excess[] {
    const [found] = leadsOf(lead)
    const draft = found ?? new LeadDraft(null)
    if (batch.leads.has(draft) || lead.numbers.some(({ e164 }) => seen.has(e164))) batch.repeated += 1
    else if (draft.id === null) batch.added += 1
    else batch.merged += 1
    batch.leads.add(draft)
    const excess = [...draft.takeTagOfAll(tag), ...draft.take(lead)]
    for (const { e164 } of draft.newNumbers) known.set(e164, draft)
    batch.numbers.push(...lead.numbers.map(({ e164 }) => e164))
    return excess
  }

  function leftOutCell({ fault, text }: Excess): LeftOutCell {
    return { column: columnsOf(columns, columnOf[fault])[0] ?? 0, text, fault }
  }
}
