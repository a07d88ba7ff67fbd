import t, { type Test } from 'tap'
import { setDestination } from '../../domain/policy/destination-rules.ts'
import { destinationClasses } from '../../domain/telephony/destination-classes.ts'
import { numberCases, type NumberCase } from '../../domain/testing/number-cases.ts'
import { scene } from '../../domain/testing/scene.ts'
import { translator } from '../locales/translate.ts'
import { site } from '../testing/site.ts'

const web = await site(t)
const { tenantId, ana, marcia } = await scene(web.db)
const say = translator('pt-BR')
for (const destination of destinationClasses) await setDestination(web.db, tenantId, destination, true)

t.test('the form of a lead takes one number of the table, and says why another text is none', async (t) => {
  const browser = await web.signedIn(ana)
  const stored = () =>
    web.db
      .selectFrom('contacts')
      .innerJoin('contact_numbers', 'contact_numbers.contact_id', 'contacts.id')
      .select('e164')
      .where('contacts.tenant_id', '=', tenantId)
      .where('name', '=', 'Léa')
      .execute()
  for (const number of numberCases) {
    const answer = await browser.post('/contacts', { name: 'Léa', company: '', number: number[0] })
    judges(t, number, answer, await stored())
    await web.db.deleteFrom('contacts').where('tenant_id', '=', tenantId).where('name', '=', 'Léa').execute()
  }
})

t.test('the do-not-call form takes the same numbers, for the same reasons', async (t) => {
  const browser = await web.signedIn(marcia)
  const stored = () => web.db.selectFrom('do_not_call').select('e164').where('tenant_id', '=', tenantId).execute()
  for (const number of numberCases) {
    const answer = await browser.post('/do-not-call', { number: number[0], reason: '' })
    judges(t, number, answer, await stored())
    await web.db.deleteFrom('do_not_call').where('tenant_id', '=', tenantId).execute()
  }
})

function judges(t: Test, [text, right]: NumberCase, answer: { status: number; text: string }, stored: { e164: string }[]): void {
  const said = JSON.stringify(text)
  if (typeof right !== 'string' && right.length === 1) {
    t.same([answer.status, stored], [303, [{ e164: right[0]?.e164 }]], said)
  } else {
    t.same([answer.status, stored], [422, []], said)
    t.match(answer.text, typeof right === 'string' ? say(`number-fault.${right}`) : 'Há mais de um número aqui: ', said)
  }
}
