import t from 'tap'
import { correct, expireMonthlyAllowances, grantMonthlyAllowance } from '../../domain/balance/ledger.ts'
import { inTransaction } from '../../domain/database/transaction.ts'
import { lockTenant } from '../../domain/tenants/tenants.ts'
import { scene } from '../../domain/testing/scene.ts'
import { listens } from '../testing/event-stream.ts'
import { site } from '../testing/site.ts'

const web = await site(t)

t.test('the manager sets when the team is warned; a wrong number of minutes shows an error', async (t) => {
  const sol = await scene(web.db, { balanceSeconds: 3600, tenant: { low_balance_seconds: 0 } })
  const marcia = await web.signedIn(sol.marcia)
  t.match((await marcia.get('/balance')).text, 'name="minutes" value="0"')
  for (const minutes of ['dez', '-5', '1,5', '', '99999999']) {
    const wrong = await marcia.post('/balance/warning', { minutes })
    t.equal(wrong.status, 422, minutes)
    t.match(wrong.text, `name="minutes" value="${minutes}"`)
    t.match(wrong.text, 'Informe um número inteiro de minutos, como 30.')
    t.match(wrong.text, 'aria-invalid="true" aria-describedby="minutes-error"')
  }
  const agent = await listens(t, await web.signedIn(sol.ana))
  t.equal((await marcia.post('/balance/warning', { minutes: '90' })).status, 303)
  const { text } = await marcia.get('/balance')
  t.match(text, 'A equipe será avisada quando restarem menos de 90 min.')
  t.match(text, 'name="minutes" value="90"')
  t.match(text, 'data-warning="low-minutes"')
  await agent.hears(({ data }) => data['warning'] === 'low-minutes')
  t.equal((await (await web.signedIn(sol.ana)).post('/balance/warning', { minutes: '5' })).status, 404)
  await marcia.post('/balance/warning', { minutes: '0' })
  t.notMatch((await marcia.get('/balance')).text, 'data-warning')
})

t.test('the minutes of the month: granted, left, and until when', async (t) => {
  const sol = await scene(web.db)
  const marcia = await web.signedIn(sol.marcia)
  t.notMatch((await marcia.get('/balance')).text, 'Minutos de')
  await inTransaction(web.db, async (trx) => {
    await lockTenant(trx, sol.tenantId)
    await grantMonthlyAllowance(trx, { id: sol.tenantId, monthly_seconds: 7200 }, '2031-11', new Date('2031-12-01T03:00:00Z'), new Date())
    await correct(trx, sol.tenantId, -1800, { reason: 'Teste de linha', author: 'operador@ramal.example' }, new Date())
  })
  const { text } = await marcia.get('/balance')
  t.match(text, 'Minutos de novembro de 2031')
  t.match(text, /restam 90 de 120 min, até o fim de 30 de nov\. de 2031/)
})

t.test('every kind of line shows its reason and its author', async (t) => {
  const sol = await scene(web.db)
  await inTransaction(web.db, async (trx) => {
    await lockTenant(trx, sol.tenantId)
    await grantMonthlyAllowance(trx, { id: sol.tenantId, monthly_seconds: 600 }, '2026-10', new Date('2026-11-01T03:00:00Z'), new Date())
    await expireMonthlyAllowances(trx, sol.tenantId, new Date('2026-11-01T03:00:00Z'))
    await correct(trx, sol.tenantId, 60, { reason: 'Recarga <incompleta>', author: 'operador@ramal.example' }, new Date())
  })
  const { text } = await (await web.signedIn(sol.marcia)).get('/balance')
  for (const words of [
    /Recarga\s+<span[^>]*>first minutes · por test</,
    /Minutos do mês\s+<span[^>]*>outubro de 2026</,
    /Minutos do mês vencidos\s+<span[^>]*>outubro de 2026</,
    /Ajuste\s+<span[^>]*>Recarga &lt;incompleta&gt; · por operador@ramal\.example</,
  ])
    t.match(text, words)
})
