import type { RTCSession } from 'jssip/lib/RTCSession'
import type { Reading } from './statistics.ts'
import { waitForLocalAddress } from './network-probe.ts'
import type { Panel } from '../state/panel.ts'
import { longestPingGapMs, PathMonitor } from './path-monitor.ts'

interface Options {
  panel: Panel
  /** Registers over a new connection. Resolves when registered. */
  reregister: () => Promise<void>
}

/** Asterisk's rtp_timeout: it ends the call after this time without RTP. */
const asteriskWaitsMs = 30_000
/** How long the first sound may take after the answer, and after a hold, when the path worked before. */
const firstSoundWithinMs = { answer: 3000, hold: 2000 }
/** How long an ICE restart may take before the next one. */
const restartWithinMs = 5000

/**
 * Restores the sound of a call after a change of network: first a new connection and registration, then one re-INVITE with new
 * ICE credentials. The order matters: JsSIP ends a session if it cannot send a re-INVITE or gets no answer to it.
 */
export class MediaRecovery {
  readonly #options: Options
  readonly #session: RTCSession
  readonly #path = new PathMonitor(longestPingGapMs(navigator.userAgent))
  #since: 'answer' | 'hold' = 'answer'
  /** The first reading after the answer or the end of the hold. */
  #first: Reading | null = null
  #hasSound = false
  #repairedSilence = false
  #repairing = false
  /** When the last ICE restart without success started (performance.now). */
  #restartedAt = -Infinity

  constructor(session: RTCSession, options: Options) {
    this.#session = session
    this.#options = options
    // By event, because a hold may begin and end between two readings.
    session.on('hold', () => session.isOnHold().local && this.#waitForSoundAfterHold())
  }

  /** Call this about twice a second. */
  read(reading: Reading): void {
    const { panel } = this.#options
    if (panel.view.offlineSince !== null) this.#path.suspect(reading.at)
    if (this.#path.read(reading) === 'lost') {
      const leftMs = asteriskWaitsMs - (reading.at - this.#path.aliveAt)
      // The code tells Asterisk that the sound was lost, and that the agent did not hang up.
      if (leftMs <= 0) return this.#session.terminate({ status_code: 408, reason_phrase: 'RTP Timeout' })
      // Set once: the panel counts down by itself.
      if (panel.view.media !== 'lost') panel.change({ media: 'lost', mediaUntil: Date.now() + leftMs })
      if (reading.at - this.#restartedAt >= restartWithinMs) void this.#repair()
    } else if (this.#isSilent(reading)) {
      panel.change({ media: 'silent', mediaUntil: null })
      if (this.#repairedSilence || !this.#canRepair) return
      this.#repairedSilence = true
      void this.#repair()
    } else if (panel.view.media !== 'steady') {
      // If the network changes again, the next repair must start at once.
      this.#restartedAt = -Infinity
      panel.change({ media: 'steady', mediaUntil: null })
    }
  }

  /**
   * Whether sound is missing in one direction since the answer or the end of a hold. Later silence is not checked, because the
   * lead's phone may cause it.
   */
  #isSilent(reading: Reading): boolean {
    const { call, held } = this.#options.panel.view
    if (call !== 'up') return false
    if (held || this.#hasSound) return false
    const { at, receivedBytes, sentBytes } = (this.#first ??= reading)
    this.#hasSound = reading.receivedBytes > receivedBytes && reading.sentBytes > sentBytes
    return !this.#hasSound && reading.at - at >= firstSoundWithinMs[this.#since]
  }

  #waitForSoundAfterHold(): void {
    this.#since = 'hold'
    this.#first = null
    this.#hasSound = false
    this.#repairedSilence = false
  }

  /** During a re-INVITE, a new connection would end the call. */
  get #canRepair(): boolean {
    return !this.#repairing && this.#session.isReadyToReOffer()
  }

  async #repair(): Promise<void> {
    if (!this.#canRepair) return
    this.#repairing = true
    // The path may recover by itself, or the call may end.
    const isDone = () => this.#options.panel.view.media === 'steady' || this.#session.isEnded()
    await this.#options.reregister()
    await waitForLocalAddress(isDone)
    if (!isDone()) {
      // JsSIP believes that the new offer has its candidates already, and sends none (3.13.8, _createLocalDescription).
      // Asterisk would then answer without ICE, and the browser would refuse the answer.
      Object.assign(this.#session, { _iceReady: false })
      this.#session.renegotiate({ rtcOfferConstraints: { iceRestart: true } })
      this.#restartedAt = performance.now()
    }
    this.#repairing = false
  }
}
