import t from 'tap'
import type { ListedCall } from '../../domain/calls/history/history.ts'
import { wording } from './wording.ts'

const now = new Date('2026-11-12T02:30:00Z')
const pt = wording('pt-BR', 'America/Sao_Paulo', now)
const en = wording('en', 'America/Sao_Paulo', now)

t.test('days are the company’s, not the server’s', (t) => {
  t.equal(pt.moment(new Date('2026-11-12T01:05:00Z')).text, 'hoje, 22:05', 'still the 11th in São Paulo')
  t.equal(pt.moment(new Date('2026-11-11T02:59:00Z')).text, 'ontem, 23:59')
  t.equal(en.moment(new Date('2026-11-11T02:59:00Z')).text, 'yesterday, 23:59')
  t.equal(pt.day(new Date('2026-11-02T15:00:00Z')), '2 de nov.')
  t.match(pt.day(new Date('2025-11-02T15:00:00Z')), '2025')
  t.match(pt.moment(now).full, 'quarta-feira, 11 de novembro de 2026')
  t.equal(wording('pt-BR', 'America/Manaus', now).clock(now), '22:30:00')
  t.end()
})

t.test('durations, minutes and movements read as people say them', (t) => {
  t.equal(pt.duration(36), '36 s')
  t.equal(pt.duration(84), '1 min 24 s')
  t.equal(pt.duration(3725), '1 h 02 min')
  t.equal(pt.minutes(36), '0,6')
  t.equal(en.minutes(36), '0.6')
  t.equal(pt.movement(-36), '−36 s')
  t.equal(pt.movement(3600), '+3.600 s')
  t.equal(pt.count(18732), '18.732')
  t.end()
})

t.test('calling hours are written as on the door of a shop', (t) => {
  const hours = (weekday: number, ...spans: [number, number][]) =>
    spans.map(([from, to]) => ({ weekday, fromMinute: from * 60, toMinute: to * 60 }))
  const week = [1, 2, 3, 4, 5].flatMap((day) => hours(day, [9, 18]))
  t.equal(pt.hours(week), 'seg–sex, 9h–18h')
  t.equal(en.hours(week), 'Mon–Fri, 9–18')
  t.equal(pt.hours([...week, ...hours(6, [9, 12.5], [14, 24])]), 'seg–sex, 9h–18h; sáb, 9h–12h30 e 14h–24h')
  t.equal(en.hours([...hours(2, [8.5, 12]), ...hours(4, [8.5, 12])]), 'Tue, 8:30–12; Thu, 8:30–12')
  t.equal(pt.hours([]), 'a qualquer hora')
  t.end()
})

t.test('money is shown to the fraction of a cent, months and clocks by their names', (t) => {
  t.equal(pt.reais(39_000), 'R$\u00a00,039')
  t.equal(en.reais(1_180_000), 'R$1.18')
  t.equal(pt.reais(0), 'R$\u00a00,00')
  t.equal(pt.month('2026-11'), 'novembro de 2026')
  t.match(en.zone, 'Brasilia')
  t.end()
})

t.test('agent and manager read about a call in sentences of their own', (t) => {
  const call = (facts: Partial<ListedCall>) =>
    ({
      contact_name: 'Maria Souza',
      e164: '+5511987654321',
      dialled: '',
      state: 'ended',
      outcome: null,
      verdict: null,
      hung_up_by: null,
      talk_seconds: 0,
      origin: 'phone',
      requested_at: new Date('2026-11-24T12:00:00Z'),
      refused_times: 1,
      transfer_state: null,
      transferred_to_agent_id: null,
      colleague_name: null,
      ...facts,
    }) as ListedCall
  t.equal(pt.call(call({ state: 'requested' }), 'own'), 'Chamando seu telefone…')
  t.equal(pt.call(call({ state: 'requested' }), 'manager'), 'Chamando o telefone do agente…')
  t.equal(pt.call(call({ state: 'authorized' }), 'own'), 'Chamando Maria…')
  t.equal(pt.call(call({ state: 'authorized', contact_name: null }), 'own'), 'Chamando (11) 98765-4321…')
  t.equal(pt.call(call({ outcome: 'answered', talk_seconds: 84, hung_up_by: 'lead' }), 'own'), 'Atendida · 1 min 24 s · o lead desligou')
  t.equal(
    en.call(call({ outcome: 'answered', talk_seconds: 84, hung_up_by: 'agent' }), 'manager'),
    'Answered · 1 min 24 s · the agent hung up',
  )
  t.equal(
    pt.call(call({ state: 'refused', outcome: 'refused', verdict: 'no-balance' }), 'own'),
    'Sem saldo de minutos. Peça uma recarga ao gestor.',
  )
  t.equal(pt.call(call({ state: 'refused', outcome: 'refused', verdict: 'a verdict of tomorrow' }), 'own'), 'A ligação não foi autorizada.')
  t.equal(
    pt.call(call({ state: 'lost', outcome: 'our-failure' }), 'own'),
    'Algo falhou do nosso lado. A ligação não foi feita nem cobrada.',
  )
  t.equal(pt.leadName(call({ contact_name: null, e164: null, dialled: '123' })), '123')
  t.end()
})
