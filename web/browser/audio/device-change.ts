import type { AudioDevice } from './audio-devices.ts'

/** What to do about the microphone of a call when devices come and go. */
export type DeviceChange =
  /** The one in use has gone: take what is left. */
  | { act: 'replace'; gone: string }
  /** A headset was plugged in: take it, and let the person undo that. */
  | { act: 'follow'; device: AudioDevice }
  | { act: 'stay' }

interface Situation {
  /** The name of the microphone in use. */
  inUse: string
  /** Its track still delivers sound. */
  live: boolean
  before: readonly AudioDevice[]
  after: readonly AudioDevice[]
  /** Devices that the person has sent away in this page. */
  unwanted: ReadonlySet<string>
}

export function deviceChange({ inUse, live, before, after, unwanted }: Situation): DeviceChange {
  // Chromium names the system's choice "Default - Headset".
  const isInUse = ({ label }: AudioDevice) => inUse === label || inUse.endsWith(` - ${label}`)
  const isGone = before.some(isInUse) && !after.some(isInUse)
  if (!live || isGone) return { act: 'replace', gone: inUse }
  // A first look, or names that came with the permission, is not a plug.
  if (before.length === 0) return { act: 'stay' }
  const device = after.find(({ id, label }) => !unwanted.has(label) && !before.some((known) => known.id === id || known.label === label))
  return device && !isInUse(device) ? { act: 'follow', device } : { act: 'stay' }
}
