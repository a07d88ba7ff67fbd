import { Live } from './live/live.ts'
import { watchListWork } from './pages/list-work.ts'
import { startPhone } from './panel/phone.ts'
import { defineRecordingPlayer } from './pages/recording-player.ts'
import { watchRows } from './pages/row-cursor.ts'
import { setServerTime } from './dom/server-clock.ts'
import { watchPanelWrapUp } from './panel/panel-wrap-up.ts'
import { watchShortcutSheet } from './pages/shortcut-sheet.ts'
import { watchTimers } from './dom/timers.ts'
import { watchWrapUps } from './pages/wrap-up.ts'

document.addEventListener('htmx:after:request', ({ detail }) => {
  if (detail.ctx.response) setServerTime(detail.ctx.response.headers)
})
// `watchX` attaches listeners and timers for the life of the page.
watchTimers()
watchRows()
watchWrapUps()
watchPanelWrapUp()
defineRecordingPlayer()
watchListWork()
watchShortcutSheet()
const live = new Live()
// The pages of a manager who makes no calls have no phone.
const phone = document.getElementById('phone')
live.listen(phone ? startPhone(phone, live) : null)
