import type { RTCSession } from 'jssip/lib/RTCSession'
import { MediaRecovery } from '../media/media-recovery.ts'
import { followStatistics } from '../media/statistics.ts'
import { sendDigits } from './dtmf.ts'
import { keepHeldThroughReinvites, toggleHold } from './hold.ts'
import type { Microphone } from '../audio/microphone.ts'
import type { Panel } from '../state/panel.ts'
import type { Consultation, RecordingNow } from '../state/phone-view.ts'
import { playRemote } from '../media/remote-audio.ts'
import { outliveFailure, withConnection } from '../media/session-connection.ts'

interface Options {
  panel: Panel
  microphone: Microphone
  audio: HTMLAudioElement
  /** Whether SIP requests reach Asterisk at this moment. */
  connected: () => boolean
  /** Registers over a new connection; resolves once that is done. */
  registerAnew: () => Promise<void>
  /** Whether the site tells us when the lead answers. */
  liveConnected: () => boolean
}

/** The one call of this tab, from the click or the dialled number to the end, and the microphone for as long as it lasts. */
export class CurrentCall {
  readonly #options: Options
  readonly #onOver: ((callId: string | null) => void)[] = []
  readonly #onTaken: ((session: RTCSession) => void)[] = []
  #session: RTCSession | null = null
  #callId: string | null = null
  #lastCallId: string | null = null
  #here = false

  constructor(options: Options) {
    this.#options = options
  }

  get open(): boolean {
    return this.#options.panel.call !== 'none'
  }

  /** Whether there is a call that ends with this tab, from the click on. */
  get here(): boolean {
    return this.#here
  }

  get callId(): string | null {
    return this.#callId
  }

  /** Of the call that is over; null when the site never had a word on it. */
  get lastCallId(): string | null {
    return this.#lastCallId
  }

  /** `whom`: the name on the button, or the number as typed. */
  begin(whom: string): void {
    // A call that the site has declared over may still be saying goodbye; the next one does not wait for it.
    if (this.#session) this.hangUp()
    this.#here = true
    this.#options.panel.change({ whom })
    this.#options.panel.onCall('asked')
  }

  /** The site gave the call its id; the phone has to ring within `ringsWithinMs`, or nothing comes of it. */
  named(callId: string, ringsWithinMs: number): void {
    this.#callId = callId
    this.#options.panel.change({ callId })
    setTimeout(() => {
      if (this.#callId === callId && !this.#session) this.#over()
    }, ringsWithinMs)
  }

  /** A dialled number gets its id when Asterisk asks for it; the site tells us. */
  adopt(callId: string): void {
    if (!this.#session || this.#callId !== null) return
    this.#callId = callId
    this.#options.panel.change({ callId })
  }

  /** Calls back with each session before it is answered or dialled, for those who listen to its sound. */
  whenTaken(callback: (session: RTCSession) => void): void {
    this.#onTaken.push(callback)
  }

  /** It rings here: offered until it is taken, or stops ringing. `whom` is who it is, as far as is known. */
  offer(callId: string, session: RTCSession, whom: string): void {
    this.#ring('offered', callId, session, whom)
  }

  /** As `offer`, for what the person has agreed to before, and is about to be taken. */
  receive(callId: string, session: RTCSession, whom: string): void {
    this.#ring('asked', callId, session, whom)
  }

  #ring(event: 'offered' | 'asked', callId: string, session: RTCSession, whom: string): void {
    this.#session = session
    this.#callId = callId
    session.on('ended', () => this.#sessionOver(session))
    session.on('failed', () => this.#sessionOver(session))
    this.#options.panel.change({ callId, whom })
    this.#options.panel.onCall(event)
  }

  /** Takes the call that rings here. To be called before `answer`. Unless it is `theirsAtOnce`, the site says when it is. */
  takeOffered(session: RTCSession, theirsAtOnce: boolean): void {
    this.#here = true
    this.take(session)
    if (theirsAtOnce) session.on('accepted', () => this.answered())
    else this.#options.panel.onCall('taken')
  }

  /** Takes a session that was answered or dialled here. To be called before `answer`, in newRTCSession. */
  take(session: RTCSession): void {
    this.#session = session
    playRemote(session, this.#options.audio)
    keepHeldThroughReinvites(session)
    withConnection(session, outliveFailure)
    const { panel, registerAnew } = this.#options
    const recovery = new MediaRecovery(session, { panel, registerAnew })
    followStatistics(session, (reading) => recovery.read(reading))
    session.on('accepted', () => {
      // Our leg is up before the lead's rings, or because a voice says why not: the site says when the lead answers. Only
      // when we cannot hear the site is this the best we know.
      if (!this.#options.liveConnected()) panel.onCall('answered')
    })
    session.on('muted', () => panel.change({ muted: true }))
    session.on('unmuted', () => panel.change({ muted: false }))
    session.on('hold', () => panel.change({ held: session.isOnHold().local }))
    session.on('unhold', () => panel.change({ held: session.isOnHold().local }))
    session.on('ended', () => this.#sessionOver(session))
    session.on('failed', () => this.#sessionOver(session))
    for (const callback of this.#onTaken) callback(session)
  }

  /** The lead answered, or we did. What is still offered here was answered on another phone of this agent. */
  answered(): void {
    if (this.#options.panel.call === 'offered' && !this.#session?.isEstablished()) return
    this.#options.panel.onCall('answered')
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
  recordingIs(recording: RecordingNow): void {
    this.#options.panel.change({ recording })
  }

  /** The lead waits while this agent asks a colleague, or does not any more. */
  consultationIs(consultation: Consultation): void {
    this.#options.panel.change({ consultation })
  }

  /** Pauses the recording or lets it go on, by keys that Asterisk takes out of the call (pjsip/features.conf). */
  toggleRecording(): void {
    const { recording } = this.#options.panel.view
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
    this.#lastCallId = this.#callId
    this.#here = false
    this.#session = null
    this.#callId = null
    microphone.close()
    audio.srcObject = null
    panel.onCall('over')
    panel.change({ callId: null, muted: false, held: false, recording: 'none', consultation: 'none', media: 'steady', mediaUntil: null })
    for (const callback of this.#onOver) callback(this.#lastCallId)
  }
}
