import { troubleOf, microphonePermission, type Microphone } from '../audio/microphone.ts'
import type { Panel } from '../state/panel.ts'
import type { Registration } from './registration.ts'

interface Options {
  panel: Panel
  microphone: Microphone
  registration: Registration
}

/** The person pressed the start button: asks for the microphone once, lets go of it, and registers. */
export async function startLine({ panel, microphone, registration }: Options): Promise<void> {
  const startable = ['off', 'failed', 'displaced', 'microphone-denied', 'microphone-missing', 'microphone-busy']
  if (!startable.includes(panel.line)) return
  panel.onLine('asking')
  try {
    await microphone.open()
  } catch (error) {
    return panel.onLine(troubleOf(error))
  }
  microphone.close()
  connect(panel, registration)
}

/** Starts the phone without a word where the microphone has been allowed before, and as soon as it is allowed. */
export async function startLineIfAllowed({ panel, registration }: Options): Promise<void> {
  const permission = await microphonePermission()
  if (!permission) return
  const startWhenGranted = () => {
    const waiting = panel.line === 'off' || panel.line === 'microphone-denied'
    if (permission.state === 'granted' && waiting) connect(panel, registration)
  }
  permission.addEventListener('change', startWhenGranted)
  startWhenGranted()
}

function connect(panel: Panel, registration: Registration): void {
  panel.onLine('granted')
  registration.start()
  // After microphone trouble the registration may have stood all the time.
  if (registration.registered) panel.onLine('registered')
}
