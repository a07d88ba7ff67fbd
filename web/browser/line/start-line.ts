import { microphoneProblemOf, microphonePermission, type Microphone } from '../audio/microphone.ts'
import type { Panel } from '../state/panel.ts'
import type { Registration } from './registration.ts'

interface Options {
  panel: Panel
  microphone: Microphone
  registration: Registration
}

/** The agent pressed the start button: opens the microphone to get the permission, closes it, and registers. */
export async function startLine({ panel, microphone, registration }: Options): Promise<void> {
  const startable = ['off', 'failed', 'displaced', 'microphone-denied', 'microphone-missing', 'microphone-busy']
  if (!startable.includes(panel.line)) return
  panel.applyLineEvent('asking')
  try {
    await microphone.open()
  } catch (error) {
    return panel.applyLineEvent(microphoneProblemOf(error))
  }
  microphone.close()
  connect(panel, registration)
}

/** Starts the phone without a prompt if the microphone is allowed already, or as soon as it is. */
export async function startLineIfAllowed({ panel, registration }: Options): Promise<void> {
  const permission = await microphonePermission()
  if (!permission) return
  const startWhenGranted = () => {
    const isWaiting = panel.line === 'off' || panel.line === 'microphone-denied'
    if (permission.state === 'granted' && isWaiting) connect(panel, registration)
  }
  permission.addEventListener('change', startWhenGranted)
  startWhenGranted()
}

function connect(panel: Panel, registration: Registration): void {
  panel.applyLineEvent('granted')
  registration.start()
  // The phone stays registered during a microphone problem.
  if (registration.registered) panel.applyLineEvent('registered')
}
