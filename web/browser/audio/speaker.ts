import type { AudioDevices } from './audio-devices.ts'

/** The other side is heard where the person chose, or where the system plays its sound. */
export async function useSpeaker(audio: HTMLAudioElement, devices: AudioDevices): Promise<void> {
  const id = devices.idFor('speaker')
  // Safari plays everything where the system does.
  if ('setSinkId' in audio && audio.sinkId !== id) await audio.setSinkId(id).catch(() => undefined)
}
