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
  for (const sipCode of finalSipCodes)
    t.not(unansweredOutcome({ dialStatus: 'CONGESTION', sipCode, q850: 0 }), 'carrier-failure', `${sipCode}`)
})
