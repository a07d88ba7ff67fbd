import type { Htmx } from 'htmx.org'

// htmx comes by a script of its own, before this one.
declare global {
  interface Window {
    htmx: Htmx
  }
}
