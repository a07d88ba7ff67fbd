import type { RTCSession } from 'jssip/lib/RTCSession'
import { MediaRecovery } from '../media/media-recovery.ts'
import { pollStatistics } from '../media/statistics.ts'
import { sendDigits } from './dtmf.ts'
import { stayOnHoldThroughReinvites, toggleHold } from './hold.ts'
import type { Microphone } from '../audio/microphone.ts'
import type { Panel } from '../state/panel.ts'
import type { Consultation, RecordingNow } from '../state/phone-view.ts'
import { LastEnd } from './last-end.ts'
import { playRemote } from '../media/remote-audio.ts'
import { hideIceFailure, withConnection } from '../media/session-connection.ts'

interface Options {
  panel: Panel
  microphone: Microphone
  audio: HTMLAudioElement
  /** Whether the connection for SIP requests is open. */
  connected: () => boolean
  /** Registers over a new connection. Resolves when registered. */
  reregister: () => Promise<void>
  /** Whether this page receives the site's events. */
  liveConnected: () => boolean
}

/** The only call of this tab, from the click, the dialled number or the ringing to the end. It closes the microphone at the end. */
export class CurrentCall {
  readonly #options: Options
  /** Whether the site knows that the previous call has ended. */
  readonly lastEnd = new LastEnd()
  readonly #endCallbacks: ((callId: string | null) => void)[] = []
  readonly #sessionCallbacks: ((session: RTCSession) => void)[] = []
  #session: RTCSession | null = null
  #callId: string | null = null
  #lastCallId: string | null = null
  #endsWithTab = false

  constructor(options: Options) {
    this.#options = options
  }

  get open(): boolean {
    return this.#options.panel.call !== 'none'
  }

  /** Whether the tab has a call, from the click on, that would end if the tab were closed. */
  get endsWithTab(): boolean {
    return this.#endsWithTab
  }

  get callId(): string | null {
    return this.#callId
  }

  /** The id of the previous call; null if the site never reported one. */
  get lastCallId(): string | null {
    return this.#lastCallId
  }

  /** `partyName`: the name on the call button, or the number as typed. */
  begin(partyName: string): void {
    // The session of a call that the site reported as ended may still be open.
    if (this.#session) this.hangUp()
    this.#endsWithTab = true
    this.#options.panel.change({ partyName })
    this.#options.panel.applyCallEvent('requested')
  }

  /** The site gave the call its id. If the phone does not ring within `mustRingWithinMs`, the call ends. */
  assignId(callId: string, mustRingWithinMs: number): void {
    this.#callId = callId
    this.#options.panel.change({ callId })
    setTimeout(() => {
      if (this.#callId === callId && !this.#session) this.#finish()
    }, mustRingWithinMs)
  }

  /** Sets the id of a call to a dialled number, which the site assigns when Asterisk asks for it. */
  adopt(callId: string): void {
    if (!this.#session || this.#callId !== null) return
    this.#callId = callId
    this.#options.panel.change({ callId })
  }

  /** Calls back with each session when it is attached, before it has sound. */
  onSession(callback: (session: RTCSession) => void): void {
    this.#sessionCallbacks.push(callback)
  }

  /** An incoming call rings here, until the agent answers it or it ends. `partyName` is the caller's name or number. */
  offer(callId: string, session: RTCSession, partyName: string): void {
    this.#ring('offered', callId, session, partyName)
  }

  /** As `offer`, for a call that the agent has agreed to and that the phone answers by itself. */
  receive(callId: string, session: RTCSession, partyName: string): void {
    this.#ring('requested', callId, session, partyName)
  }

  #ring(event: 'offered' | 'requested', callId: string, session: RTCSession, partyName: string): void {
    this.#session = session
    this.#callId = callId
    session.on('ended', () => this.#sessionEnded(session))
    session.on('failed', () => this.#sessionEnded(session))
    this.#options.panel.change({ callId, partyName })
    this.#options.panel.applyCallEvent(event)
  }

  /** As `attach`, for an offered call. If not `connectsAtOnce`, the site reports when the agent gets the call. */
  attachOffered(session: RTCSession, connectsAtOnce: boolean): void {
    this.#endsWithTab = true
    this.attach(session)
    if (connectsAtOnce) session.on('accepted', () => this.markAnswered())
    else this.#options.panel.applyCallEvent('accepted')
  }

  /** Attaches a session that this tab answers or dials. Call it in newRTCSession, before `answer`. */
  attach(session: RTCSession): void {
    this.#session = session
    playRemote(session, this.#options.audio)
    stayOnHoldThroughReinvites(session)
    withConnection(session, hideIceFailure)
    const { panel, reregister } = this.#options
    const recovery = new MediaRecovery(session, { panel, reregister })
    pollStatistics(session, (reading) => recovery.read(reading))
    session.on('accepted', () => {
      // The agent's leg is answered before the lead's, or to play a prompt, so the site reports when the lead answers. Without the
      // site's events, take this as the lead's answer.
      if (!this.#options.liveConnected()) panel.applyCallEvent('answered')
    })
    session.on('muted', () => panel.change({ muted: true }))
    session.on('unmuted', () => panel.change({ muted: false }))
    session.on('hold', () => panel.change({ held: session.isOnHold().local }))
    session.on('unhold', () => panel.change({ held: session.isOnHold().local }))
    session.on('ended', () => this.#sessionEnded(session))
    session.on('failed', () => this.#sessionEnded(session))
    for (const callback of this.#sessionCallbacks) callback(session)
  }

  /** The lead or the agent answered. If the call is still offered here, the agent answered it on another phone. */
  markAnswered(): void {
    if (this.#options.panel.call === 'offered' && !this.#session?.isEstablished()) return
    this.#options.panel.applyCallEvent('answered')
  }

  /** Calls back at the end of each call with its id, or null if it got none. */
  onEnd(callback: (callId: string | null) => void): void {
    this.#endCallbacks.push(callback)
  }

  hangUp(): void {
    if (this.#session && !this.#session.isEnded()) this.#session.terminate()
    else this.#finish()
  }

  /** The site reported the end of the call. Shows it at once, and ends the session if no BYE comes within `graceMs`. */
  endReported(graceMs: number): void {
    this.#options.panel.applyCallEvent('ended')
    const session = this.#session
    if (!session) return this.#finish()
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

  setRecording(recording: RecordingNow): void {
    this.#options.panel.change({ recording })
  }

  setConsultation(consultation: Consultation): void {
    this.#options.panel.change({ consultation })
  }

  /** Pauses or resumes the recording with DTMF codes that Asterisk intercepts (pjsip/features.conf). */
  toggleRecording(): void {
    const { recording } = this.#options.panel.view
    if (recording !== 'none') this.press(recording === 'on' ? '*73' : '*74')
  }

  press(digits: string): void {
    if (this.#session) sendDigits(this.#session, digits)
  }

  #sessionEnded(session: RTCSession): void {
    if (this.#session === session) this.#finish()
  }

  #finish(): void {
    const { panel, microphone, audio } = this.#options
    this.#lastCallId = this.#callId
    if (this.#endsWithTab && this.#callId !== null) this.lastEnd.ended(this.#callId)
    this.#endsWithTab = false
    this.#session = null
    this.#callId = null
    microphone.close()
    audio.srcObject = null
    panel.applyCallEvent('ended')
    panel.change({ callId: null, muted: false, held: false, recording: 'none', consultation: 'none', media: 'steady', mediaUntil: null })
    for (const callback of this.#endCallbacks) callback(this.#lastCallId)
  }
}
