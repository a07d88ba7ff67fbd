import t from 'tap'
import { AudioDevices } from './audio-devices.ts'

const builtIn = { id: 'a1', label: 'Microfone interno' }
const headset = { id: 'b2', label: 'Headset Jabra' }
const input = (device: typeof builtIn) => ({ kind: 'audioinput' as const, deviceId: device.id, label: device.label })

function memoryStorage(): Storage {
  const values = new Map<string, string>()
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  } as Storage
}

t.test('a chosen device is remembered by its label, also when it is unplugged or its id changes', async (t) => {
  const storage = memoryStorage()
  const devices = new AudioDevices(storage)
  devices.setDevices([{ kind: 'audioinput', deviceId: 'default', label: 'Default - Headset Jabra' }, input(builtIn), input(headset)])
  t.same(devices.list('microphone'), [builtIn, headset], 'the system’s choice is not listed as a device')
  t.equal(devices.idFor('microphone'), '', 'without a choice the system decides')
  devices.choose('microphone', headset.label)
  t.equal(devices.idFor('microphone'), 'b2')
  devices.setDevices([input(builtIn)])
  t.equal(devices.idFor('microphone'), '', 'it is unplugged')
  const tomorrow = new AudioDevices(storage)
  tomorrow.setDevices([input(builtIn), input({ ...headset, id: 'new' })])
  t.equal(tomorrow.idFor('microphone'), 'new')
  t.equal(tomorrow.idFor('ringer'), '', 'each use has its own choice')
  tomorrow.choose('microphone', null)
  t.equal(tomorrow.idFor('microphone'), '')
})

t.test('until the microphone is allowed, devices have no labels and none is listed', async (t) => {
  const devices = new AudioDevices(memoryStorage())
  devices.setDevices([{ kind: 'audioinput', deviceId: '', label: '' }])
  t.same(devices.list('microphone'), [])
})
