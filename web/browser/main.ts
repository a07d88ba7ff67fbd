import { Live } from './live/live.ts'
import { runListWork } from './pages/list-work.ts'
import { runPhone } from './panel/phone.ts'
import { runPlayers } from './pages/recording-player.ts'
import { watchRows } from './pages/row-cursor.ts'
import { noteServerTime } from './dom/server-clock.ts'
import { keepWrapUpInPanel } from './panel/panel-wrap-up.ts'
import { watchShortcutSheet } from './pages/shortcut-sheet.ts'
import { runTimers } from './dom/timers.ts'
import { watchWrapUps } from './pages/wrap-up.ts'

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
