let context: AudioContext | null = null

/** The only audio context of the page. Browsers suspend it until the first click in the page. */
export function audioContext(): AudioContext {
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume().catch(() => undefined)
  return context
}
