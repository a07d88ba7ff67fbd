import type { RTCSession } from 'jssip/lib/RTCSession'
import type { Reading } from './statistics.ts'
import { untilAddressFound } from './network-probe.ts'
import type { Panel } from '../state/panel.ts'
import { PathMonitor } from './path-monitor.ts'

interface Options {
  panel: Panel
  /** Registers over a new connection; resolves once that is done. */
  registerAnew: () => Promise<void>
}

/** Asterisk's rtp_timeout: after so long without a sign of life it ends the call. */
const asteriskWaitsMs = 30_000
/** How long the first sound may take after the answer, and after a hold, when the path was there before. */
const firstSoundWithinMs = { answer: 3000, hold: 2000 }
/** How long a restarted path may take to show life before it is tried once more. */
const restartWithinMs = 5000

/**
 * Brings the sound of a call back after the network changed: first a new connection and a registration, then one re-INVITE
 * with new ICE credentials. In that order, because JsSIP ends a session whose re-INVITE finds no connection or no answer.
 */
export class MediaRecovery {
  readonly #options: Options
  readonly #session: RTCSession
  readonly #path = new PathMonitor()
  #since: 'answer' | 'hold' = 'answer'
  /** The first one since then. */
  #first: Reading | null = null
  #soundCame = false
  #triedForSilence = false
  #repairing = false
  /** By performance.now; of the last restart that has shown no life yet. */
  #restartedAt = -Infinity

  constructor(session: RTCSession, options: Options) {
    this.#session = session
    this.#options = options
    // Not by looking: a hold may be over before the next reading.
    session.on('hold', () => session.isOnHold().local && this.#waitForSoundAfterHold())
  }

  /** To be called about twice a second. */
  read(reading: Reading): void {
    const { panel } = this.#options
    if (panel.view.offlineSince !== null) this.#path.suspect(reading.at)
    if (this.#path.read(reading) === 'lost') {
      const leftMs = asteriskWaitsMs - (reading.at - this.#path.aliveAt)
      // Asterisk reads from the code that the sound was lost, and that the agent did not hang up.
      if (leftMs <= 0) return this.#session.terminate({ status_code: 408, reason_phrase: 'RTP Timeout' })
      // Told once: the panel counts down by itself.
      if (panel.view.media !== 'lost') panel.change({ media: 'lost', mediaUntil: Date.now() + leftMs })
      if (reading.at - this.#restartedAt >= restartWithinMs) void this.#repair()
    } else if (this.#isSilent(reading)) {
      panel.change({ media: 'silent', mediaUntil: null })
      if (this.#triedForSilence || !this.#canRepair) return
      this.#triedForSilence = true
      void this.#repair()
    } else if (panel.view.media !== 'steady') {
      // The network may change again a moment later: that is a new trouble, which waits for nothing.
      this.#restartedAt = -Infinity
      panel.change({ media: 'steady', mediaUntil: null })
    }
  }

  /**
   * Nothing came or nothing went since the answer, or since the end of a hold: the sound did not find its way (back). A
   * silence that comes later may be the lead's.
   */
  #isSilent(reading: Reading): boolean {
    const { call, held } = this.#options.panel.view
    if (call !== 'up') return false
    if (held || this.#soundCame) return false
    const { at, heardBytes, sentBytes } = (this.#first ??= reading)
    this.#soundCame = reading.heardBytes > heardBytes && reading.sentBytes > sentBytes
    return !this.#soundCame && reading.at - at >= firstSoundWithinMs[this.#since]
  }

  #waitForSoundAfterHold(): void {
    this.#since = 'hold'
    this.#first = null
    this.#soundCame = false
    this.#triedForSilence = false
  }

  /** With a re-INVITE under way, a new connection would end the call. */
  get #canRepair(): boolean {
    return !this.#repairing && this.#session.isReadyToReOffer()
  }

  async #repair(): Promise<void> {
    if (!this.#canRepair) return
    this.#repairing = true
    // The network may heal by itself meanwhile, or the call be over.
    const healed = () => this.#options.panel.view.media === 'steady' || this.#session.isEnded()
    await this.#options.registerAnew()
    await untilAddressFound(healed)
    if (!healed()) {
      // JsSIP takes the candidates of the first offer or answer for those of the new one, and sends none (3.13.8,
      // _createLocalDescription); Asterisk then answers without ICE, and the browser refuses the answer.
      Object.assign(this.#session, { _iceReady: false })
      this.#session.renegotiate({ rtcOfferConstraints: { iceRestart: true } })
      this.#restartedAt = performance.now()
    }
    this.#repairing = false
  }
}
