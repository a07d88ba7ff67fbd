import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const wanted = {
  'transport-udp': 'local/transports.conf has it: an address and a port that nothing else has taken (ss -lunp); then restart Asterisk',
  'transport-tcp': 'local/phones.conf has it: an address and a port that nothing else has taken (ss -ltnp); then reload Asterisk',
  'transport-ws': 'pjsip.conf brings it: asterisk -rx "module show like transport_websocket" and its log say why it is not there',
}

/** Checks the SIP transports: UDP for carriers, TCP for desk phones, WebSocket for browsers. */
export async function listTransports({ asterisk }: Server): Promise<Finding[]> {
  const shown = await asterisk('pjsip show transports')
  const running = [...shown.matchAll(/^Transport:\s+(?!<)(\S+)\s+(\S+)\s+\S+\s+\S+\s+(\S+)/gm)].map(([, name = '', protocol, bind]) => ({
    name,
    text: `${protocol} ${bind}`,
  }))
  const missing = Object.entries(wanted).filter(([name]) => !running.some((transport) => transport.name === name))
  if (missing.length > 0) return missing.map(([name, mend]) => fault(`there is no ${name}`, mend))
  return [ok(running.map(({ text }) => text).join(', '))]
}
