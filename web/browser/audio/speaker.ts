import type { AudioDevices } from './audio-devices.ts'

/** Plays the other side's sound on the chosen speaker, or on the system's. */
export async function useSpeaker(audio: HTMLAudioElement, devices: AudioDevices): Promise<void> {
  const id = devices.idFor('speaker')
  // Safari has no setSinkId and always plays on the system's device.
  if ('setSinkId' in audio && audio.sinkId !== id) await audio.setSinkId(id).catch(() => undefined)
}
