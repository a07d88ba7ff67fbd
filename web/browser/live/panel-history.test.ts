import t from 'tap'
import { PanelHistory } from './panel-history.ts'

t.test('the panel shows its own call, the call shown, or a newer one', async (t) => {
  const history = new PanelHistory()
  const on = (id: string, own: string | null = null) => history.admits({ id, over: false }, own)
  const over = (id: string, own: string | null = null) => history.admits({ id, over: true }, own)
  t.ok(over('old'), 'the first word on a page that knows nothing')
  t.ok(on('maria'))
  t.notOk(over('joao'), 'the end of a call never seen here, while one is up, is an older one’s')
  t.notOk(over('old'))
  t.ok(over('joao', 'joao'), 'unless it is this tab’s own call')
  t.notOk(over('maria'), 'a call that made room does not come back with its recording')
  t.ok(over('ana'), 'a call that was refused at once')
})

t.test('the answer to a click does not overwrite newer words on its call', async (t) => {
  const history = new PanelHistory()
  t.ok(history.begin('maria'))
  t.notOk(history.begin('maria'))
  t.ok(history.admits({ id: 'joao', over: false }, null))
  t.notOk(history.begin('joao'))
})

t.test('while a call is being placed, late words on the one before it do not take its place', async (t) => {
  const history = new PanelHistory()
  t.ok(history.admits({ id: 'old', over: false }, null))
  history.place()
  t.notOk(history.admits({ id: 'old', over: true }, null))
  t.ok(history.admits({ id: 'new', over: false }, null))
})
