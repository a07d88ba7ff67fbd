import type { AudioDevice } from './audio-devices.ts'

/** What to do with the microphone of a call after a device was plugged in or unplugged. */
export type DeviceChange =
  /** The microphone in use was unplugged: use another one. */
  | { action: 'replace'; unplugged: string }
  /** A headset was plugged in: use it, and let the agent undo that. */
  | { action: 'switch'; device: AudioDevice }
  | { action: 'none' }

interface Situation {
  /** The label of the microphone in use. */
  inUse: string
  /** Whether its track still delivers sound. */
  live: boolean
  before: readonly AudioDevice[]
  after: readonly AudioDevice[]
  /** Labels of devices that the agent rejected since the page was loaded. */
  rejected: ReadonlySet<string>
}

export function deviceChange({ inUse, live, before, after, rejected }: Situation): DeviceChange {
  // Chromium labels the system's choice "Default - Headset".
  const isInUse = ({ label }: AudioDevice) => inUse === label || inUse.endsWith(` - ${label}`)
  const isUnplugged = before.some(isInUse) && !after.some(isInUse)
  if (!live || isUnplugged) return { action: 'replace', unplugged: inUse }
  // The first list, or the labels after the permission, are not newly plugged devices.
  if (before.length === 0) return { action: 'none' }
  const device = after.find(({ id, label }) => !rejected.has(label) && !before.some((known) => known.id === id || known.label === label))
  return device && !isInUse(device) ? { action: 'switch', device } : { action: 'none' }
}
