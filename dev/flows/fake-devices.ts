import type { Page } from 'playwright-core'
import type { Person } from './person.ts'

/** The page's microphone tracks and connections, and the unplugged devices. */
interface FakeDevices {
  tracks: MediaStreamTrack[]
  connections: RTCPeerConnection[]
  unplugged: string[]
  notify(): void
}

type FakeDevicesWindow = Window & { fakeDevices: FakeDevices }

/**
 * Chromium's fake devices cannot be unplugged, so this page's device list hides the unplugged ones. Sound, tracks and connections are
 * the browser's own. Reloads the page.
 */
export async function installFakeDevices(person: Person): Promise<void> {
  await person.context.addInitScript(() => {
    const media = navigator.mediaDevices
    const enumerate = media.enumerateDevices.bind(media)
    const getUserMedia = media.getUserMedia.bind(media)
    const fakeDevices: FakeDevices = {
      tracks: [],
      connections: [],
      unplugged: [],
      notify: () => media.dispatchEvent(new Event('devicechange')),
    }
    ;(window as unknown as FakeDevicesWindow).fakeDevices = fakeDevices
    media.enumerateDevices = async () => (await enumerate()).filter(({ label }) => !fakeDevices.unplugged.includes(label))
    media.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints)
      fakeDevices.tracks.push(...stream.getAudioTracks())
      return stream
    }
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        fakeDevices.connections.push(this)
      }
    }
  })
  await person.page.reload()
}

/** Unplugs a device, which ends its track. */
export async function unplug(page: Page, label: string): Promise<void> {
  await page.evaluate((label) => {
    const { fakeDevices } = window as unknown as FakeDevicesWindow
    fakeDevices.unplugged.push(label)
    for (const track of fakeDevices.tracks.filter((track) => track.label === label && track.readyState === 'live')) {
      track.stop()
      track.dispatchEvent(new Event('ended'))
    }
    fakeDevices.notify()
  }, label)
}

export async function plugIn(page: Page, label: string): Promise<void> {
  await page.evaluate((label) => {
    const { fakeDevices } = window as unknown as FakeDevicesWindow
    fakeDevices.unplugged = fakeDevices.unplugged.filter((other) => other !== label)
    fakeDevices.notify()
  }, label)
}

/** The microphone of the newest connection, and the sound that it sent and received so far. */
export async function sound(page: Page): Promise<{ microphone: string; sent: number; heard: number }> {
  return page.evaluate(async () => {
    const connection = (window as unknown as FakeDevicesWindow).fakeDevices.connections.at(-1)
    const sound = { microphone: connection?.getSenders()[0]?.track?.label ?? '', sent: 0, heard: 0 }
    for (const report of ((await connection?.getStats()) ?? new Map<string, unknown>()).values()) {
      const { type, kind, totalAudioEnergy = 0 } = report as { type: string; kind?: string; totalAudioEnergy?: number }
      if (type === 'media-source') sound.sent += totalAudioEnergy
      if (type === 'inbound-rtp' && kind === 'audio') sound.heard += totalAudioEnergy
    }
    return sound
  })
}
