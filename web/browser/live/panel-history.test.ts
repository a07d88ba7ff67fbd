import t from 'tap'
import { PanelHistory } from './panel-history.ts'

t.test('the panel shows the tab’s own call, the call it shows already, or a newer one', async (t) => {
  const history = new PanelHistory()
  const open = (id: string, own: string | null = null) => history.admits({ id, ended: false }, own)
  const ended = (id: string, own: string | null = null) => history.admits({ id, ended: true }, own)
  t.ok(ended('old'), 'the first update of a new page')
  t.ok(open('maria'))
  t.notOk(ended('joao'), 'during a call, the end of an unknown call is an older call’s')
  t.notOk(ended('old'))
  t.ok(ended('joao', 'joao'), 'unless it is this tab’s own call')
  t.notOk(ended('maria'), 'a previous call does not come back when its recording is ready')
  t.ok(ended('ana'), 'a new call that was refused at once')
})

t.test('the response to a click does not replace a newer update of its call', async (t) => {
  const history = new PanelHistory()
  t.ok(history.callStarted('maria'))
  t.notOk(history.callStarted('maria'))
  t.ok(history.admits({ id: 'joao', ended: false }, null))
  t.notOk(history.callStarted('joao'))
})

t.test('while a call is being placed, the panel ignores late updates of the previous call', async (t) => {
  const history = new PanelHistory()
  t.ok(history.admits({ id: 'old', ended: false }, null))
  history.callRequested()
  t.notOk(history.admits({ id: 'old', ended: true }, null))
  t.ok(history.admits({ id: 'new', ended: false }, null))
})
