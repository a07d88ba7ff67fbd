import t from 'tap'
import { AudioDevices } from './audio-devices.ts'

const builtIn = { id: 'a1', label: 'Microfone interno' }
const headset = { id: 'b2', label: 'Headset Jabra' }
const input = (device: typeof builtIn) => ({ kind: 'audioinput' as const, deviceId: device.id, label: device.label })

function drawer(): Storage {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage
}

t.test('a device is remembered by its name, through unplugging and a change of its id', async (t) => {
  const storage = drawer()
  const devices = new AudioDevices(storage)
  devices.take([{ kind: 'audioinput', deviceId: 'default', label: 'Default - Headset Jabra' }, input(builtIn), input(headset)])
  t.same(devices.list('microphone'), [builtIn, headset], 'the system’s choice is no device of its own')
  t.equal(devices.idFor('microphone'), '', 'nothing chosen: the system decides')
  devices.choose('microphone', headset.label)
  t.equal(devices.idFor('microphone'), 'b2')
  devices.take([input(builtIn)])
  t.equal(devices.idFor('microphone'), '', 'not there now')
  const tomorrow = new AudioDevices(storage)
  tomorrow.take([input(builtIn), input({ ...headset, id: 'new' })])
  t.equal(tomorrow.idFor('microphone'), 'new')
  t.equal(tomorrow.idFor('ringer'), '', 'each use has its own choice')
  tomorrow.choose('microphone', null)
  t.equal(tomorrow.idFor('microphone'), '')
})

t.test('before the microphone is allowed devices have no names, and none is listed', async (t) => {
  const devices = new AudioDevices(drawer())
  devices.take([{ kind: 'audioinput', deviceId: '', label: '' }])
  t.same(devices.list('microphone'), [])
})
