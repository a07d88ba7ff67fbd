/** The agent is on the left, the lead on the right. */
export type StereoBalance = 'both' | 'agent' | 'lead'

/** One listener's way through Web Audio: which side goes to which ear. */
interface Listening {
  context: AudioContext
  gains: Record<'agent' | 'lead', { own: GainNode; other: GainNode }>
}

const listenings = new WeakMap<HTMLAudioElement, Listening>()

/** Lets both voices be heard, each in its ear, or one of them in both ears. Web Audio comes in at the first choice only. */
export function listenTo(audio: HTMLAudioElement, voices: StereoBalance): void {
  if (voices === 'both' && !listenings.has(audio)) return
  const { context, gains } = listenings.get(audio) ?? route(audio)
  for (const side of ['agent', 'lead'] as const) {
    gains[side].own.gain.value = voices === 'both' || voices === side ? 1 : 0
    gains[side].other.gain.value = voices === side ? 1 : 0
  }
  void context.resume()
}

function route(audio: HTMLAudioElement): Listening {
  const context = new AudioContext()
  const split = context.createChannelSplitter(2)
  const join = context.createChannelMerger(2)
  context.createMediaElementSource(audio).connect(split)
  join.connect(context.destination)
  const gain = (from: number, to: number) => {
    const node = context.createGain()
    split.connect(node, from)
    node.connect(join, 0, to)
    return node
  }
  const listening = {
    context,
    gains: { agent: { own: gain(0, 0), other: gain(0, 1) }, lead: { own: gain(1, 1), other: gain(1, 0) } },
  }
  listenings.set(audio, listening)
  return listening
}
