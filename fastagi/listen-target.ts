import type { ListenAddress } from '../domain/runtime/config.ts'

/**
 * systemd keeps the port open across a restart and hands it over as descriptor 3 (sd_listen_fds(3)): calls that ask while
 * no process runs wait instead of being refused. LISTEN_PID tells a descriptor meant for us from one meant for our parent.
 */
export function listenTarget(configured: ListenAddress, env = process.env, pid = process.pid): ListenAddress | { fd: number } {
  const activated = env['LISTEN_FDS'] === '1' && env['LISTEN_PID'] === String(pid)
  return activated ? { fd: 3 } : configured
}
