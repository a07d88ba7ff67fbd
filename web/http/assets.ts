import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import express, { type RequestHandler } from 'express'

const folder = fileURLToPath(new URL('../public', import.meta.url))

/** Serves `public/`. An address that carries a version never changes its content. */
export function serveAssets(): RequestHandler {
  return express.static(folder, {
    index: false,
    redirect: false,
    setHeaders: (res) => {
      const versioned = res.req.url?.includes('?v=') === true
      res.setHeader('Cache-Control', versioned ? 'public, max-age=31536000, immutable' : 'public, max-age=3600')
    },
  })
}

const known = new Map<string, string>()

/** The address of a file in `public/` with its version, or null when it has not been built. */
export function asset(path: string): string | null {
  const address = known.get(path) ?? versioned(path)
  if (address !== null) known.set(path, address)
  return address
}

function versioned(path: string): string | null {
  const file = statSync(folder + path, { throwIfNoEntry: false })
  return file ? `${path}?v=${Math.floor(file.mtimeMs).toString(36)}` : null
}
