import { connect } from 'node:net'
import { join } from 'node:path'
import { nginxConf, rendered } from '../server/edge-files.ts'
import type { UnpackedPrograms } from '../setup/unpacked-programs.ts'
import { Daemon } from '../stack/daemon.ts'
import type { Stack } from '../stack/stack.ts'

interface Edge {
  programs: UnpackedPrograms
  /** For its files. Its worker processes run as another user and must be able to read it. */
  folder: string
  /** An otherwise unused address, because the ports are those of a real server. */
  address: string
  certificate: string
  key: string
}

/** nginx in front of a stack, with a server's configuration. */
export function nginxBefore(stack: Stack, { programs, folder, address, certificate, key }: Edge): Daemon {
  const site = rendered('nginx/ramal.conf', {
    DOMAIN: address,
    CERTIFICATE: certificate,
    CERTIFICATE_KEY: key,
    SITE: `127.0.0.1:${stack.ports.web}`,
    PHONES: `127.0.0.1:${stack.ports.webSocket}`,
  })
  const here = site.replaceAll(/listen \[::\].*\n/g, '').replaceAll(/listen (80|443)/g, `listen ${address}:$1`)
  const { file, env } = programs.command('nginx')
  const args = ['-p', folder, '-c', nginxConf(folder, here)]
  return listeningDaemon('nginx', { file, args, env }, { folder, address, port: 443 })
}

export function listeningDaemon(
  name: string,
  command: { file: string; args: string[]; env: NodeJS.ProcessEnv },
  { folder, address, port }: { folder: string; address: string; port: number },
): Daemon {
  return new Daemon({
    name,
    command: () => command,
    logFile: join(folder, `${name}.log`),
    ready: () => {
      const socket = connect(port, address)
      return new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject)).finally(() => socket.destroy())
    },
    onUnexpectedEnd: (text) => console.error(text),
  })
}
