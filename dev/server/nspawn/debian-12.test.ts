import t from 'tap'
import { breakEverything } from './breaks.ts'

t.setTimeout(30 * 60_000)
await breakEverything(t, 'bookworm')
