import { fault, ok, type Finding } from './finding.ts'
import type { Server } from './server.ts'

const wanted = {
  'transport-udp': {
    consequence: 'carriers cannot be reached over UDP',
    mend: 'local/transports.conf must give it an address and a free port (ss -lunp); then: systemctl restart asterisk (this ends all calls in progress)',
  },
  'transport-tcp': {
    consequence: 'desk phones cannot register',
    mend: 'local/phones.conf must give it an address and a free port (ss -ltnp); then: asterisk -rx "core reload"',
  },
  'transport-ws': {
    consequence: 'browser phones cannot register',
    mend: 'pjsip.conf defines it; asterisk -rx "module show like transport_websocket" and the log of Asterisk show why it does not run',
  },
}

/** Checks the SIP transports: UDP for carriers, TCP for desk phones, WebSocket for browsers. */
export async function checkTransports({ asterisk }: Server): Promise<Finding[]> {
  const shown = await asterisk('pjsip show transports')
  const running = [...shown.matchAll(/^Transport:\s+(?!<)(\S+)\s+(\S+)\s+\S+\s+\S+\s+(\S+)/gm)].map(([, name = '', protocol, bind]) => ({
    name,
    text: `${protocol} ${bind}`,
  }))
  const missing = Object.entries(wanted).filter(([name]) => !running.some((transport) => transport.name === name))
  if (missing.length > 0) return missing.map(([name, { consequence, mend }]) => fault(`${name} does not run, so ${consequence}`, mend))
  return [ok(running.map(({ text }) => text).join(', '))]
}
