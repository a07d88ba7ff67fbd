import t from 'tap'
import { findStrays, type Leftovers } from './strays.ts'

t.test('rows, charges and leftovers without a call are found', async (t) => {
  const row = { id: 'call', e164: '+5511970200001', tenant_id: 1 }
  const left = (changes: Partial<Leftovers> = {}) =>
    findStrays({
      planned: new Set([row.e164, '+5511970200002']),
      placed: new Set([row.e164]),
      rows: [row],
      charges: [{ call_id: 'call', tenant_id: 1, seconds: -24 }],
      dialled: [row.e164],
      openLeases: [],
      spool: [],
      ...changes,
    })
  t.same(left(), [])
  const unwanted = { ...row, id: 'other', e164: '+5511970200002' }
  t.same(left({ rows: [row, unwanted] }), [], 'a click that failed may leave a row')
  const strays: [Partial<Leftovers>, RegExp][] = [
    [{ rows: [row, { ...row, id: 'again' }] }, /one call has 2 rows/],
    [{ rows: [row, { ...unwanted, e164: '+5511999999999' }] }, /never planned/],
    [{ rows: [row, unwanted], dialled: [row.e164, unwanted.e164] }, /without an agent's request/],
    [{ rows: [], charges: [] }, /but no row exists/],
    [{ charges: [{ call_id: null, tenant_id: 1, seconds: -30 }] }, /charged 30 s for a call that was not placed/],
    [{ rows: [row, unwanted], charges: [{ call_id: 'other', tenant_id: 1, seconds: -30 }] }, /charged 30 s for a call that was not placed/],
    [{ charges: [{ call_id: 'call', tenant_id: 2, seconds: -24 }] }, /call of company 1 was charged to company 2/],
    [{ openLeases: ['call'] }, /lease is still open/],
    [{ spool: ['call.call'] }, /left in the spool/],
  ]
  for (const [changes, line] of strays) {
    const found = left(changes)
    t.equal(found.length, 1, found.join('; '))
    t.match(found[0], line)
  }
})
