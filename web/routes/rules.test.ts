import t from 'tap'
import { setCallingHours } from '../../domain/policy/calling-hours.ts'
import { inTransaction } from '../../domain/database/transaction.ts'
import { setDestination } from '../../domain/policy/destination-rules.ts'
import { scene } from '../../domain/testing/scene.ts'
import { site } from '../testing/site.ts'

const web = await site(t)

t.test('a manager reads what the company may do, as the operator has set it', async (t) => {
  const { tenantId, marcia } = await scene(web.db, {
    tenant: {
      max_calls: 7,
      max_calls_per_second: 3,
      day_calls_limit: 2000,
      day_seconds_limit: 36_000,
      agent_day_calls_limit: null,
      agent_day_seconds_limit: null,
      first_block_seconds: 60,
      next_block_seconds: 10,
      free_seconds: 0,
      spend_alarm_factor: 5,
      spend_alarm_floor_seconds: 600,
      usual_hour_seconds: 2400,
      recording_days: 90,
    },
  })
  await setDestination(web.db, tenantId, 'shared-cost', true)
  await inTransaction(web.db, (trx) =>
    setCallingHours(
      trx,
      tenantId,
      [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 540, toMinute: 1080 })),
    ),
  )
  const { text } = await (await web.signedIn(marcia)).get('/rules')
  for (const words of [
    '<dt>Ligações simultâneas</dt><dd>7</dd>',
    '<dt>Novas ligações por segundo</dt><dd>3</dd>',
    '<dt>Limite diário da empresa</dt><dd>2.000 ligações · 600 min</dd>',
    '<dt>Limite diário por agente</dt><dd>sem limite</dd>',
    '<dt>Horário de ligações</dt><dd>seg–sex, 9h–18h</dd>',
    '<dt>Feriados nacionais</dt><dd>sem ligações</dd>',
    'Cada conversa é cobrada por no mínimo 60 s e, depois disso, em blocos de 10 s.',
    'quando uma hora passa de 200 min',
    'O normal da empresa é 40 min por hora.',
    '<dt>Armazenamento</dt><dd>90 dias, depois são apagadas</dd>',
    '<dt>Download</dt><dd>desativado</dd>',
    'Emergência (190, 192 e 193) é sempre permitida',
  ])
    t.match(text, words)
  t.match(text, /Tarifa local \(4004, 3003\)<\/dt><dd><span class="dot dot--good"><\/span>permitido/)
  t.match(text, /Internacional<\/dt><dd><span class="dot dot--quiet"><\/span>bloqueado/)
  t.notMatch(text, 'não são cobradas')
})

t.test('a company without hours and without an alarm reads that', async (t) => {
  const { marcia } = await scene(web.db, { tenant: { spend_alarm_factor: 0 } })
  const { text } = await (await web.signedIn(marcia, { 'Accept-Language': 'en' })).get('/rules')
  t.match(text, '<dt>Calling hours</dt><dd>at any hour</dd>')
  t.match(text, '<dt>National holidays</dt><dd>calls allowed</dd>')
  t.match(text, '<dt>Storage</dt><dd>no time limit</dd>')
  t.match(text, '<p>Off.</p>')
})
