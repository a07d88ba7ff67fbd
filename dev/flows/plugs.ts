import type { Page } from 'playwright-core'
import type { Person } from './person.ts'

/** What the tests keep in the page: its microphones' tracks, its connections, and what has been pulled out. */
interface Plugs {
  tracks: MediaStreamTrack[]
  connections: RTCPeerConnection[]
  unplugged: string[]
  tell(): void
}

type PluggedWindow = Window & { plugs: Plugs }

/**
 * Chromium's fake devices cannot be pulled out, so this page's list of devices leaves out what a test pulls. Sound, tracks and
 * connections are the browser's own. Loads the page again.
 */
export async function plugsIn(person: Person): Promise<void> {
  await person.context.addInitScript(() => {
    const media = navigator.mediaDevices
    const enumerate = media.enumerateDevices.bind(media)
    const getUserMedia = media.getUserMedia.bind(media)
    const plugs: Plugs = { tracks: [], connections: [], unplugged: [], tell: () => media.dispatchEvent(new Event('devicechange')) }
    ;(window as unknown as PluggedWindow).plugs = plugs
    media.enumerateDevices = async () => (await enumerate()).filter(({ label }) => !plugs.unplugged.includes(label))
    media.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints)
      plugs.tracks.push(...stream.getAudioTracks())
      return stream
    }
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        plugs.connections.push(this)
      }
    }
  })
  await person.page.reload()
}

/** Pulls a device out; the track that was on it ends. */
export async function unplug(page: Page, label: string): Promise<void> {
  await page.evaluate((label) => {
    const { plugs } = window as unknown as PluggedWindow
    plugs.unplugged.push(label)
    for (const track of plugs.tracks.filter((track) => track.label === label && track.readyState === 'live')) {
      track.stop()
      track.dispatchEvent(new Event('ended'))
    }
    plugs.tell()
  }, label)
}

export async function plugIn(page: Page, label: string): Promise<void> {
  await page.evaluate((label) => {
    const { plugs } = window as unknown as PluggedWindow
    plugs.unplugged = plugs.unplugged.filter((other) => other !== label)
    plugs.tell()
  }, label)
}

/** The microphone that the newest connection sends from, and the sound that went out and came in so far. */
export async function sound(page: Page): Promise<{ microphone: string; sent: number; heard: number }> {
  return page.evaluate(async () => {
    const connection = (window as unknown as PluggedWindow).plugs.connections.at(-1)
    const sound = { microphone: connection?.getSenders()[0]?.track?.label ?? '', sent: 0, heard: 0 }
    for (const report of ((await connection?.getStats()) ?? new Map<string, unknown>()).values()) {
      const { type, kind, totalAudioEnergy = 0 } = report as { type: string; kind?: string; totalAudioEnergy?: number }
      if (type === 'media-source') sound.sent += totalAudioEnergy
      if (type === 'inbound-rtp' && kind === 'audio') sound.heard += totalAudioEnergy
    }
    return sound
  })
}
