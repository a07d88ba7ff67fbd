import t from 'tap'
import { createLog } from '../domain/runtime/log.ts'
import { systemClock } from '../domain/runtime/clock.ts'
import { createApp } from './app.ts'
import { routesOf, type Route } from './testing/fuzz/routes.ts'
import { site } from './testing/site.ts'

const web = await site(t, { env: { RAMAL_AGI_LISTEN: '127.0.0.1:1', RAMAL_WEB_LISTEN: '127.0.0.1:1' } })
const routes = routesOf(createApp({ db: web.db, config: web.config, clock: systemClock, log: createLog('web', 'silent') }))
const name = ({ method, path }: Route) => `${method} ${path}`

t.test('the routers can be mounted in any order: no address belongs to two of them', (t) => {
  t.ok(routes.length > 60, `${routes.length} routes`)
  t.same(
    pairs((one, other) => one.router !== other.router && overlap(one, other)),
    [],
  )
  t.end()
})

t.test('no route hides a later one of its router', (t) => {
  t.same(
    pairs((one, other) => one.router === other.router && covers(one, other)),
    [],
  )
  t.end()
})

t.test('two addresses overlap if one request can match both', (t) => {
  const route = (path: string): Route => ({ method: 'GET', path, router: 0 })
  t.ok(overlap(route('/calls/:id'), route('/calls/export')))
  t.ok(overlap(route('/calls/:id/row'), route('/calls/export/:part')))
  t.notOk(overlap(route('/calls/:id'), route('/calls')))
  t.notOk(overlap(route('/calls/:id/row'), route('/calls/:id/card')))
  t.ok(covers(route('/calls/:id'), route('/calls/export')))
  t.notOk(covers(route('/calls/export'), route('/calls/:id')))
  t.end()
})

function pairs(clash: (one: Route, later: Route) => boolean): string[] {
  return routes.flatMap((one, n) =>
    routes
      .slice(n + 1)
      .filter((later) => one.method === later.method && clash(one, later))
      .map((later) => `${name(one)} and ${name(later)}`),
  )
}

function overlap(one: Route, other: Route): boolean {
  return matches(one, other, (a, b) => a === b || isParameter(a) || isParameter(b))
}

/** Every request that matches `later` matches `one`. */
function covers(one: Route, later: Route): boolean {
  return matches(one, later, (a, b) => a === b || isParameter(a))
}

function matches(one: Route, other: Route, fits: (a: string, b: string) => boolean): boolean {
  const [left, right] = [one.path.split('/'), other.path.split('/')]
  return left.length === right.length && left.every((part, n) => fits(part, right[n] ?? ''))
}

function isParameter(part: string): boolean {
  return part.startsWith(':')
}
