import type { EndEvent } from 'jssip/lib/RTCSession'
import type { CurrentCall } from './current-call.ts'
import { readDialledNumber } from './dialled-number.ts'
import { hurryGathering } from './ice-gathering.ts'
import { troubleOf, type Microphone } from './microphone.ts'
import type { Panel } from './panel.ts'
import { showsOpenCall } from './placing.ts'
import type { Registration } from './registration.ts'
import { unlockAudio } from './remote-audio.ts'

interface Options {
  panel: Panel
  call: CurrentCall
  microphone: Microphone
  registration: Registration
  audio: HTMLAudioElement
}

/** Calls the number typed on the pad. What is wrong with it is said there, and what was typed stays. */
export function watchDialPad(options: Options): void {
  const { panel, audio } = options
  const form = panel.part('dial')
  if (!(form instanceof HTMLFormElement)) return
  const input = form.elements.namedItem('number') as HTMLInputElement
  // Capturing: the form may stand in a boosted body, and htmx must not send it.
  panel.element.addEventListener(
    'submit',
    (event) => {
      if (event.target !== form) return
      event.preventDefault()
      event.stopPropagation()
      unlockAudio(audio)
      void dial(options, input, () => lastCallId)
    },
    true,
  )
  form.addEventListener('click', ({ target }) => {
    const digit = (target as Element).closest<HTMLElement>('[data-digit]')?.dataset['digit']
    if (digit === undefined) return
    input.setRangeText(digit, input.selectionStart ?? input.value.length, input.selectionEnd ?? input.value.length, 'end')
    showError(panel, null)
  })
  let lastCallId: string | null = null
  options.call.whenOver((callId) => (lastCallId = callId))
  options.call.whenAnswered(() => (input.value = ''))
  input.addEventListener('input', () => showError(panel, null))
}

async function dial(
  { panel, call, microphone, registration }: Options,
  input: HTMLInputElement,
  lastCallId: () => string | null,
): Promise<void> {
  const read = readDialledNumber(input.value)
  if ('error' in read) return showError(panel, read.error)
  if (call.open || showsOpenCall(panel.element)) return showError(panel, 'on-call')
  if (panel.line !== 'ready') return showError(panel, 'offline')
  showError(panel, null)
  call.begin(input.value.trim())
  try {
    await microphone.open()
  } catch (error) {
    panel.onLine(troubleOf(error))
    return call.hangUp()
  }
  const mediaStream = microphone.live
  if (!mediaStream) return
  const { iceServers } = registration
  const session = registration.call(read.number, { mediaStream, pcConfig: { iceServers } })
  hurryGathering(session, iceServers)
  call.take(session)
  // Asterisk hung up and the site has no word on it: neither the AGI server nor the database could be asked.
  const unexplained = ({ originator }: EndEvent) => {
    if ((originator as string) !== 'local' && lastCallId() === null) showError(panel, 'our-failure')
  }
  session.on('ended', unexplained)
  session.on('failed', unexplained)
}

function showError(panel: Panel, name: string | null): void {
  const box = panel.part('dial-error')
  if (!box) return
  box.hidden = name === null
  for (const sentence of box.querySelectorAll<HTMLElement>('[data-error]')) sentence.hidden = sentence.dataset['error'] !== name
}
