import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Express } from 'express'

export interface Route {
  method: string
  /** The pattern of the router, such as `/calls/:id/row`. */
  path: string
  /** The number of its router, in the order in which the site mounts them. */
  router: number
}

/** The part of express's router that has the routes. */
interface Layer {
  route?: { path: string | string[]; methods: Record<string, boolean> }
  handle: { stack?: Layer[] }
}

/** All routes of the site. */
export function routesOf(app: Express): Route[] {
  const walk = (layers: readonly Layer[], router?: number): Route[] =>
    layers.flatMap(({ route, handle }, n) => {
      if (!route) return walk(handle.stack ?? [], router ?? n)
      const methods = Object.keys(route.methods).map((name) => name.toUpperCase())
      return [route.path].flat().flatMap((path) => methods.map((method) => ({ method, path, router: router ?? n })))
    })
  const found = walk((app.router as unknown as { stack: Layer[] }).stack)
  return [...new Map(found.map((route) => [`${route.method} ${route.path}`, route])).values()]
}

const web = fileURLToPath(new URL('../..', import.meta.url))

/** The names that the site reads from requests, found in its sources, so that the list is complete. */
export interface Names {
  /** Fields and parameters that a route reads. */
  of(route: Route): string[]
  /** Fields and parameters of all routes. */
  fields: string[]
  /** Ids of the elements whose content htmx requests. */
  targets: string[]
}

export function namesInSources(): Names {
  const files = readdirSync(join(web, 'routes'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(web, 'routes', name), 'utf8'))
  const fieldsIn = (text: string) =>
    all([text, ...readersOf(text)].join('\n'), /(?:field|parameter|hasField|number|read)\(req, '([\w-]+)'|number\('(\w+)'\)/g)
  const filters = ['number', 'agent', 'direction', 'outcome', 'disposition', 'list', 'from', 'to']
  const own = (text: string) => [
    ...fieldsIn(text),
    ...(text.includes('readCallFilter') ? filters : []),
    ...(text.includes('readImportForm') ? ['column-0', 'column-1', 'column-2', 'heading', 'assume', 'shown'] : []),
    ...(text.includes('readDetailsForm') ? ['email', 'city', 'notes', 'field-name-0', 'field-0'] : []),
  ]
  return {
    of: ({ path }) => files.filter((text) => text.includes(`'${path}'`)).flatMap(own),
    fields: [...new Set(files.flatMap(own))],
    targets: all(files.join('\n'), /isTarget\(req, '([\w-]+)'/g),
  }
}

/** The sources of the modules outside `routes/` that a route imports to read its forms. */
function readersOf(text: string): string[] {
  return all(text, /from '(?:\.\.\/)+((?:forms|http|auth)\/[\w-]+\.ts)'/g).map((name) => readFileSync(join(web, name), 'utf8'))
}

function all(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match.slice(1).find((name) => name) ?? ''))]
}
