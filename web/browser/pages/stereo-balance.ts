/** Which side to hear. A recording has the agent on the left channel and the lead on the right. */
export type StereoBalance = 'both' | 'agent' | 'lead'

/** The Web Audio graph of a player: `own` is a side's own channel, `other` the opposite one. */
interface Routing {
  context: AudioContext
  gains: Record<'agent' | 'lead', { own: GainNode; other: GainNode }>
}

const routings = new WeakMap<HTMLAudioElement, Routing>()

/** Plays both sides, each on its channel, or one side on both channels. Uses Web Audio only after the first choice of one side. */
export function setStereoBalance(audio: HTMLAudioElement, balance: StereoBalance): void {
  if (balance === 'both' && !routings.has(audio)) return
  const { context, gains } = routings.get(audio) ?? route(audio)
  for (const side of ['agent', 'lead'] as const) {
    gains[side].own.gain.value = balance === 'both' || balance === side ? 1 : 0
    gains[side].other.gain.value = balance === side ? 1 : 0
  }
  void context.resume()
}

function route(audio: HTMLAudioElement): Routing {
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
  const routing = {
    context,
    gains: { agent: { own: gain(0, 0), other: gain(0, 1) }, lead: { own: gain(1, 1), other: gain(1, 0) } },
  }
  routings.set(audio, routing)
  return routing
}
