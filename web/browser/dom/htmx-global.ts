import type { Htmx } from 'htmx.org'

// The page loads htmx with its own script element, before this script.
declare global {
  interface Window {
    htmx: Htmx
  }
}
