import t from 'tap'
import { deviceChange } from './device-change.ts'

const builtIn = { id: 'a1', label: 'Microfone interno' }
const headset = { id: 'b2', label: 'Headset Jabra' }

t.test('in a call: a headset that comes is followed, one that goes is replaced, anything else changes nothing', async (t) => {
  const unwanted = new Set<string>()
  const situation = { inUse: builtIn.label, live: true, before: [builtIn], after: [builtIn, headset], unwanted }
  t.same(deviceChange(situation), { act: 'follow', device: headset })
  t.same(deviceChange({ ...situation, unwanted: new Set([headset.label]) }), { act: 'stay' }, 'unless the person has undone that')
  t.same(deviceChange({ ...situation, before: [] }), { act: 'stay' }, 'the first look at the devices is no plug')
  t.same(deviceChange({ ...situation, after: [{ ...builtIn, id: 'new' }] }), { act: 'stay' }, 'a new id is no new device')
  const inUse = headset.label
  t.same(deviceChange({ ...situation, inUse, before: [builtIn, headset], after: [builtIn] }), { act: 'replace', gone: inUse })
  t.same(deviceChange({ ...situation, inUse, live: false, before: [headset], after: [headset] }), { act: 'replace', gone: inUse })
  const named = `Default - ${inUse}`
  t.same(deviceChange({ ...situation, inUse: named, before: [builtIn, headset], after: [builtIn] }), { act: 'replace', gone: named })
})
