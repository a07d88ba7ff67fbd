import type { ListenAddress } from './config.ts'

/**
 * systemd keeps the port open across a restart and passes it as descriptor 3 (sd_listen_fds(3)): requests that arrive while no
 * process runs wait instead of failing. LISTEN_PID shows whether the descriptor is for us or for our parent.
 */
export function listenTarget(configured: ListenAddress, env = process.env, pid = process.pid): ListenAddress | { fd: number } {
  const activated = env['LISTEN_FDS'] === '1' && env['LISTEN_PID'] === String(pid)
  return activated ? { fd: 3 } : configured
}
