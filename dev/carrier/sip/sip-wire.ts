import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'

/** A way to Asterisk's SIP port. */
export interface SipWire {
  /** Transport and address of the Via header. */
  via: string
  /** The address of a Contact header, with its transport. */
  contact: string
  host: string
  send: (text: string) => void
  onText: (listener: (text: string) => void) => void
  close: () => void
}

/** From a fixed address and port, as a carrier. */
export async function udpWire(host: string, port: number, asteriskPort: number): Promise<SipWire> {
  const socket = createSocket('udp4')
  socket.bind(port, host)
  await once(socket, 'listening')
  const own = socket.address().port
  return {
    via: `UDP ${host}:${own}`,
    contact: `${host}:${own}`,
    host,
    send: (text) => socket.send(text, asteriskPort, '127.0.0.1'),
    onText: (listener) => socket.on('message', (bytes) => listener(bytes.toString('latin1'))),
    close: () => socket.close(),
  }
}

/** A connection that stays open, as a desk phone's: Asterisk calls it on the same connection. */
export async function tcpWire(host: string, asteriskPort: number): Promise<SipWire> {
  const socket = connect({ port: asteriskPort, host: '127.0.0.1', localAddress: host })
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  const address = `${host}:${socket.localPort}`
  return {
    via: `TCP ${address}`,
    contact: `${address};transport=tcp`,
    host,
    send: (text) => void socket.write(text),
    onText(listener) {
      let unread = ''
      socket.on('data', (bytes) => (unread = takeMessages(unread + bytes.toString('latin1'), listener)))
    },
    close: () => socket.destroy(),
  }
}

/** A WebSocket, as a browser's phone. */
export async function webSocketWire(url: string): Promise<SipWire> {
  const socket = new WebSocket(url, 'sip')
  await once(socket, 'open')
  return {
    via: 'WS raw.invalid',
    contact: 'raw.invalid',
    host: '127.0.0.1',
    send: (text) => socket.send(text),
    onText: (listener) => socket.addEventListener('message', ({ data }) => listener(String(data))),
    close: () => socket.close(),
  }
}

/** Passes on the whole messages of a stream, and returns the rest. */
function takeMessages(stream: string, listener: (text: string) => void): string {
  for (let rest = stream.replace(/^(\r\n)+/, ''); ;) {
    const head = rest.indexOf('\r\n\r\n') + 4
    if (head < 4) return rest
    const length = head + Number(/^(?:Content-Length|l): *(\d+)/im.exec(rest.slice(0, head))?.[1] ?? 0)
    if (rest.length < length) return rest
    listener(rest.slice(0, length))
    rest = rest.slice(length).replace(/^(\r\n)+/, '')
  }
}
