import { fileURLToPath } from 'node:url'
import ejs from 'ejs'
import { fieldAttributes } from '../forms/field-attributes.ts'
import { asset } from './assets.ts'

const views = fileURLToPath(new URL('../views', import.meta.url))

/** Renders `views/<view>.ejs`, for an answer or for the live stream. Templates are compiled once. */
export function render(view: string, locals: Record<string, unknown>): Promise<string> {
  return ejs.renderFile(`${views}/${view}.ejs`, { asset, fieldAttributes, ...locals }, { cache: true, views: [views] })
}
