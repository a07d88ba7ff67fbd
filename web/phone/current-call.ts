import type { RTCSession } from 'jssip/lib/RTCSession'
import { sendDigits } from './dtmf.ts'
import { keepHeldThroughReinvites, toggleHold } from './hold.ts'
import type { Microphone } from './microphone.ts'
import type { Panel } from './panel.ts'
import { showOver, showPlacing } from './placing.ts'
import { playRemote } from './remote-audio.ts'

interface Options {
  panel: Panel
  microphone: Microphone
  audio: HTMLAudioElement
  /** Whether SIP requests reach Asterisk at this moment. */
  connected: () => boolean
  /** Whether the site tells us when the lead answers. */
  liveConnected: () => boolean
}

/** The one call of this tab, from the click or the dialled number to the end, and the microphone for as long as it lasts. */
export class CurrentCall {
  readonly #options: Options
  readonly #onOver: ((callId: string | null) => void)[] = []
  readonly #onBegun: (() => void)[] = []
  readonly #onAnswered: (() => void)[] = []
  readonly #onTaken: ((session: RTCSession) => void)[] = []
  #session: RTCSession | null = null
  #callId: string | null = null

  constructor(options: Options) {
    this.#options = options
  }

  get open(): boolean {
    return this.#options.panel.call !== 'none'
  }

  get callId(): string | null {
    return this.#callId
  }

  /** `whom`: the name on the button, or the number as typed. */
  begin(whom: string): void {
    // A call that the site has declared over may still be saying goodbye; the next one does not wait for it.
    if (this.#session) this.hangUp()
    showPlacing(this.#options.panel.element, whom)
    for (const callback of this.#onBegun) callback()
    this.#options.panel.onCall('asked')
  }

  /** The site gave the call its id; the phone has to ring within `ringsWithinMs`, or nothing comes of it. */
  named(callId: string, ringsWithinMs: number): void {
    this.#callId = callId
    this.#options.panel.setCallId(callId)
    setTimeout(() => {
      if (this.#callId === callId && !this.#session) this.#over()
    }, ringsWithinMs)
  }

  /** A dialled number gets its id when Asterisk asks for it; the site tells us. */
  adopt(callId: string): void {
    if (!this.#session || this.#callId !== null) return
    this.#callId = callId
    this.#options.panel.setCallId(callId)
  }

  /** Calls back with each session before it is answered or dialled, for those who listen to its sound. */
  whenTaken(callback: (session: RTCSession) => void): void {
    this.#onTaken.push(callback)
  }

  /** Takes a session that was answered or dialled here. To be called before `answer`, in newRTCSession. */
  take(session: RTCSession): void {
    this.#session = session
    playRemote(session, this.#options.audio)
    keepHeldThroughReinvites(session)
    const { panel } = this.#options
    session.on('accepted', () => {
      // Our leg is up before the lead's rings, or because a voice says why not: the site says when the lead answers. Only
      // when we cannot hear the site is this the best we know.
      if (!this.#options.liveConnected()) panel.onCall('answered')
    })
    session.on('muted', () => panel.setPressed('mute', 'muted', true))
    session.on('unmuted', () => panel.setPressed('mute', 'muted', false))
    session.on('hold', () => panel.setPressed('hold', 'held', session.isOnHold().local))
    session.on('unhold', () => panel.setPressed('hold', 'held', session.isOnHold().local))
    session.on('ended', () => this.#sessionOver(session))
    session.on('failed', () => this.#sessionOver(session))
    for (const callback of this.#onTaken) callback(session)
  }

  /** The lead answered. */
  answered(): void {
    this.#options.panel.onCall('answered')
    for (const callback of this.#onAnswered) callback()
  }

  /** Calls back when a call is being placed. */
  whenBegun(callback: () => void): void {
    this.#onBegun.push(callback)
  }

  /** Calls back when the lead has answered. */
  whenAnswered(callback: () => void): void {
    this.#onAnswered.push(callback)
  }

  /** Calls back when the call is over, whoever ended it and however, with its id if it ever got one. */
  whenOver(callback: (callId: string | null) => void): void {
    this.#onOver.push(callback)
  }

  hangUp(): void {
    if (this.#session && !this.#session.isEnded()) this.#session.terminate()
    else this.#over()
  }

  /**
   * The site says that the call is over: the page shows it now. SIP follows by itself within `graceMs`, unless its BYE was
   * lost with a connection.
   */
  endedAtTheSite(graceMs: number): void {
    this.#options.panel.onCall('over')
    const session = this.#session
    if (!session) return this.#over()
    setTimeout(() => {
      if (!session.isEnded()) session.terminate()
    }, graceMs)
  }

  toggleMute(): void {
    const session = this.#session
    if (!session?.isEstablished()) return
    if (session.isMuted().audio) session.unmute()
    else session.mute()
  }

  toggleHold(): void {
    if (this.#session && this.#options.connected()) toggleHold(this.#session)
  }

  /** What the site says of the recording. */
  recordingIs(recording: 'none' | 'on' | 'paused'): void {
    this.#options.panel.setRecording(recording)
  }

  /** Pauses the recording or lets it go on, by keys that Asterisk takes out of the call (pjsip/features.conf). */
  toggleRecording(): void {
    const { recording } = this.#options.panel
    if (recording !== 'none') this.press(recording === 'on' ? '*73' : '*74')
  }

  press(digits: string): void {
    if (this.#session) sendDigits(this.#session, digits)
  }

  #sessionOver(session: RTCSession): void {
    if (this.#session === session) this.#over()
  }

  #over(): void {
    const { panel, microphone, audio } = this.#options
    const callId = this.#callId
    this.#session = null
    this.#callId = null
    showOver(panel.element, callId)
    microphone.close()
    audio.srcObject = null
    panel.onCall('over')
    panel.setCallId(null)
    panel.setPressed('mute', 'muted', false)
    panel.setPressed('hold', 'held', false)
    panel.setRecording('none')
    for (const callback of this.#onOver) callback(callId)
  }
}
