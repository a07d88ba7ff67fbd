import { parsePhoneNumbers, type NumberFault, type ParsedNumber } from '../../telephony/phone-numbers.ts'
import type { DestinationClass } from '../../telephony/destination-classes.ts'
import { mostNumbers } from '../numbers.ts'
import { areaCodeOfRow, labelOfCell, type NumberColumn } from './layout.ts'

/** Why a number of a cell is left out. `no-area-code`: the number has none, nor has its row. */
export type NumberCellFault = NumberFault | 'blocked' | 'no-area-code' | 'area-code-differs' | 'numbers-many'

export interface RowNumber {
  e164: string
  label: string
  column: number
  /** What the cell says beside the number: `ramal 203`. */
  note: string
}

export interface LeftOutNumber {
  column: number
  text: string
  fault: NumberCellFault
}

export interface NumbersOfRow {
  numbers: RowNumber[]
  leftOut: LeftOutNumber[]
  /** Numbers without an area code, whether one was assumed or not. */
  withoutAreaCode: number
}

export interface NumberReading {
  numberColumns: readonly NumberColumn[]
  /** The area code of numbers without one, if a manager said so. */
  assumedAreaCode: string | null
  /** Destination classes that the company may call. */
  allowed: ReadonlySet<DestinationClass>
}

/** Reads the numbers of a row, each once. A number whose area code is not certain is left out: it would ring a stranger. */
export function readNumbers(cells: readonly string[], { numberColumns, assumedAreaCode, allowed }: NumberReading): NumbersOfRow {
  const row: NumbersOfRow = { numbers: [], leftOut: [], withoutAreaCode: 0 }
  for (const { column, label, areaCodeColumn, labelColumn } of numberColumns) {
    const text = cells[column] ?? ''
    if (text === '') continue
    const ofRow = areaCodeOfRow(cells, areaCodeColumn)
    const own = labelColumn === null ? '' : labelOfCell(cells[labelColumn] ?? '')
    for (const number of parsePhoneNumbers(text, ofRow.areaCode ?? assumedAreaCode ?? anyAreaCode)) {
      const fault = faultOf(number, ofRow)
      if (fault === 'empty') continue
      if (fault !== null) row.leftOut.push({ column, text, fault })
      else add(number, { column, label: own || label })
    }
  }
  return row

  function faultOf(number: ParsedNumber, { areaCode, isWrong }: ReturnType<typeof areaCodeOfRow>): NumberCellFault | null {
    if (number.kind === 'invalid') return number.fault
    if (number.areaCode === 'default' && isWrong) return 'area-code'
    if (number.areaCode === 'default' && areaCode === null) {
      row.withoutAreaCode += 1
      if (assumedAreaCode === null) return 'no-area-code'
    }
    if (number.e164 === null || !allowed.has(number.class)) return 'blocked'
    if (number.areaCode === 'written' && areaCode !== null && !number.e164.startsWith(`+55${areaCode}`)) return 'area-code-differs'
    return row.numbers.length >= mostNumbers ? 'numbers-many' : null
  }

  function add(number: ParsedNumber, { column, label }: { column: number; label: string }): void {
    if (number.kind === 'invalid' || number.e164 === null) return
    const { e164, note = '' } = number
    const before = row.numbers.find((each) => each.e164 === e164)
    if (before) before.label ||= label
    else row.numbers.push({ e164, label, column, note })
  }
}

/** Only to learn whether the rest of a number is right: its result is not used. */
const anyAreaCode = '11'
