import t from 'tap'
import { deviceChange } from './device-change.ts'

const builtIn = { id: 'a1', label: 'Microfone interno' }
const headset = { id: 'b2', label: 'Headset Jabra' }

t.test('a call switches to a headset that is plugged in, and replaces one that is unplugged', async (t) => {
  const rejected = new Set<string>()
  const situation = { inUse: builtIn.label, live: true, before: [builtIn], after: [builtIn, headset], rejected }
  t.same(deviceChange(situation), { action: 'switch', device: headset })
  t.same(deviceChange({ ...situation, rejected: new Set([headset.label]) }), { action: 'none' }, 'unless the agent has undone that')
  t.same(deviceChange({ ...situation, before: [] }), { action: 'none' }, 'the first list of devices has no new ones')
  t.same(deviceChange({ ...situation, after: [{ ...builtIn, id: 'new' }] }), { action: 'none' }, 'a new id is not a new device')
  const inUse = headset.label
  t.same(deviceChange({ ...situation, inUse, before: [builtIn, headset], after: [builtIn] }), { action: 'replace', unplugged: inUse })
  t.same(deviceChange({ ...situation, inUse, live: false, before: [headset], after: [headset] }), { action: 'replace', unplugged: inUse })
  const named = `Default - ${inUse}`
  t.same(deviceChange({ ...situation, inUse: named, before: [builtIn, headset], after: [builtIn] }), {
    action: 'replace',
    unplugged: named,
  })
})
