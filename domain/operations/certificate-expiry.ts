import { isIP } from 'node:net'
import { connect } from 'node:tls'

/**
 * When the certificate that browsers get expires, read from nginx on this machine; null if the site has no certificate or nginx
 * does not answer. `ramal check` verifies whether browsers trust it.
 */
export function findCertificateExpiry(sipWebSocketUrl: string, timeoutMs = 3000): Promise<Date | null> {
  const { protocol, hostname, port } = new URL(sipWebSocketUrl)
  if (protocol !== 'wss:') return Promise.resolve(null)
  return new Promise((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port: Number(port || 443),
      ...(isIP(hostname) ? {} : { servername: hostname }),
      rejectUnauthorized: false,
    })
    const done = (end: Date | null): void => {
      socket.destroy()
      resolve(end)
    }
    socket.setTimeout(timeoutMs, () => done(null))
    socket.on('error', () => done(null))
    socket.on('secureConnect', () => done(new Date(socket.getPeerCertificate().valid_to)))
  })
}
