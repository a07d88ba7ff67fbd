let context: AudioContext | null = null

/** The one audio context of the page. It runs from the first click on: browsers keep it silent before. */
export function audioContext(): AudioContext {
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume().catch(() => undefined)
  return context
}
