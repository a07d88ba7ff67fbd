import t from 'tap'
import { withConnectionAddress } from './connection-address.ts'

t.test('an SDP of a browser that hides its addresses does not look like a hold', async (t) => {
  const hidden = 'm=audio 9 UDP/TLS/RTP/SAVPF 109 8\r\nc=IN IP4 0.0.0.0\r\na=candidate:0 1 UDP 2122187007 b169d382.local 46531 typ host\r\n'
  t.equal(withConnectionAddress(hidden), hidden.replace('c=IN IP4 0.0.0.0', 'c=IN IP4 127.0.0.1'))
  const open = 'o=mozilla 1 0 IN IP4 0.0.0.0\r\nm=audio 57478 UDP/TLS/RTP/SAVPF 109 8\r\nc=IN IP4 203.0.113.7\r\n'
  t.equal(withConnectionAddress(open), open, 'a real address stays')
})
