import t from 'tap'
import { listenTarget } from './listen-target.ts'

t.test('a socket meant for another process is left alone', async (t) => {
  const configured = { host: '127.0.0.1', port: 4573 }
  t.same(listenTarget(configured, {}, 42), configured)
  t.same(listenTarget(configured, { LISTEN_FDS: '1', LISTEN_PID: '41' }, 42), configured)
  t.same(listenTarget(configured, { LISTEN_FDS: '0', LISTEN_PID: '42' }, 42), configured)
  t.same(listenTarget(configured, { LISTEN_FDS: '1', LISTEN_PID: '42' }, 42), { fd: 3 })
})
