import { Live } from './live.ts'
import { runListWork } from './list-work.ts'
import { runPhone } from './phone.ts'
import { runPlayers } from './recording-player.ts'
import { watchRows } from './row-cursor.ts'
import { noteServerTime } from './server-clock.ts'
import { keepWrapUpInPanel } from './panel-wrap-up.ts'
import { watchShortcutSheet } from './shortcut-sheet.ts'
import { runTimers } from './timers.ts'
import { watchWrapUps } from './wrap-up.ts'

document.addEventListener('htmx:after:request', ({ detail }) => {
  if (detail.ctx.response) noteServerTime(detail.ctx.response.headers)
})
runTimers()
watchRows()
watchWrapUps()
keepWrapUpInPanel()
runPlayers()
runListWork()
watchShortcutSheet()
const live = new Live()
// A manager who makes no calls has the live pages and no phone.
const phone = document.getElementById('phone')
live.listen(phone ? runPhone(phone, live) : null)
