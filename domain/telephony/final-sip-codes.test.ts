import { readFileSync } from 'node:fs'
import t from 'tap'
import { finalSipCodes } from './final-sip-codes.ts'
import { unansweredOutcome } from './hangup-causes.ts'

t.test('the dialplan tries no other trunk after the SIP codes that the domain calls final', async (t) => {
  const dialplan = readFileSync(new URL('../../dialplan/outbound.conf', import.meta.url), 'utf8')
  const codes = /REGEX\("\^\(([\d|]+)\)\$" \$\{RAMAL_SIP\}\)/.exec(dialplan)?.[1]
  t.same(codes?.split('|').map(Number), finalSipCodes)
})

t.test('each final SIP code tells how the call ended', async (t) => {
  const outcomes = new Map(finalSipCodes.map((sipCode) => [sipCode, unansweredOutcome({ dialStatus: 'CONGESTION', sipCode, q850: 0 })]))
  t.same(Object.fromEntries(outcomes), {
    404: 'unknown-number',
    410: 'unknown-number',
    484: 'unknown-number',
    485: 'unknown-number',
    486: 'busy',
    600: 'busy',
    603: 'rejected',
    604: 'unknown-number',
    607: 'rejected',
  })
})
