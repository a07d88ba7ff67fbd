import { createHmac } from 'node:crypto'
import t from 'tap'
import { loadConfig } from '../runtime/config.ts'
import { browserCredentialMs } from './sip-credentials.ts'
import { turnCredential } from './turn-credentials.ts'

const secret = 'the secret that coturn has as well'
const urls = ['turn:ramal.example:3478?transport=udp', 'turns:ramal.example:5349?transport=tcp']
const noon = new Date('2026-11-26T12:00:00Z')
const needed = { RAMAL_DATABASE_URL: 'mysql://x@127.0.0.1/x' }

t.test('the password is the one coturn computes from the name, which holds the endpoint and the expiry', (t) => {
  const { username, credential, ...rest } = turnCredential({ urls, secret }, 'padaria-sol-101', noon)
  t.same(rest, { urls })
  const [ends, endpoint] = username.split(':')
  t.equal(endpoint, 'padaria-sol-101')
  t.equal(Number(ends) * 1000, Date.parse('2026-11-26T16:00:00Z'))
  t.ok(Number(ends) * 1000 > noon.getTime() + browserCredentialMs, 'after the password of the phone that came with it')
  t.equal(credential, createHmac('sha1', secret).update(username).digest('base64'))
  t.not(turnCredential({ urls, secret }, 'padaria-sol-102', noon).credential, credential)
  t.end()
})

t.test('the settings: none or both, but never only one', (t) => {
  t.equal(loadConfig(needed).turn, null)
  t.equal(loadConfig({ ...needed, RAMAL_TURN_URLS: '', RAMAL_TURN_SECRET: '' }).turn, null)
  t.same(loadConfig({ ...needed, RAMAL_TURN_URLS: urls.join(', '), RAMAL_TURN_SECRET: secret }).turn, { urls, secret })
  for (const wrong of [
    { RAMAL_TURN_URLS: urls[0] },
    { RAMAL_TURN_SECRET: secret },
    { RAMAL_TURN_URLS: urls[0], RAMAL_TURN_SECRET: 'short' },
    { RAMAL_TURN_URLS: 'https://ramal.example', RAMAL_TURN_SECRET: secret },
  ]) {
    t.throws(() => loadConfig({ ...needed, ...wrong }), /RAMAL_TURN_(URLS|SECRET): (goes with|must)/)
  }
  t.end()
})
