import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Who says what, in turn. */
export type Conversation = readonly (readonly ['agent' | 'lead', string])[]

export const conversations: readonly Conversation[] = [
  [
    ['lead', 'Alô?'],
    ['agent', 'Bom dia, aqui é da Padaria Sol. Tudo bem?'],
    ['lead', 'Tudo bem, pode falar.'],
    ['agent', 'A senhora pediu a nossa tabela de pães para hotéis. Posso enviar por e-mail hoje?'],
    ['lead', 'Pode, por favor. Preciso de entrega antes das seis da manhã.'],
    ['agent', 'Entregamos a partir das cinco e meia. Envio a proposta hoje e ligo na quinta-feira.'],
    ['lead', 'Combinado. Obrigada.'],
  ],
  [
    ['lead', 'Pronto.'],
    ['agent', 'Boa tarde. Estou ligando sobre o orçamento do café da manhã da sua empresa.'],
    ['lead', 'Ah, sim. Achei o preço um pouco alto.'],
    ['agent', 'Para mais de quarenta pessoas, consigo dez por cento de desconto.'],
    ['lead', 'Assim fica melhor. Pode fechar para a próxima segunda-feira.'],
    ['agent', 'Perfeito, vou mandar a confirmação agora. Muito obrigada!'],
  ],
]

const rate = 22_050
const voices = { agent: ['-p', '62'], lead: ['-p', '34'] } as const

/** Writes a conversation as an mp3, the agent on the left and the lead on the right, as the worker stores them. Returns its length. */
export async function speakConversation(conversation: Conversation, path: string): Promise<number> {
  const parts: Buffer[] = []
  for (const [who, text] of conversation) {
    const { stdout } = await run('espeak-ng', ['-v', 'pt-br', '-s', '165', ...voices[who], '--stdout', text], {
      encoding: 'buffer',
      maxBuffer: 20_000_000,
    })
    // A WAV of 16 bit mono; its header has 44 bytes.
    const voice = stdout.subarray(44)
    const stereo = Buffer.alloc(voice.length * 2)
    for (let at = 0; at + 1 < voice.length; at += 2) stereo.writeInt16LE(voice.readInt16LE(at), at * 2 + (who === 'agent' ? 0 : 2))
    parts.push(stereo, Buffer.alloc(rate * 2))
  }
  const sound = Buffer.concat(parts)
  const encoding = run('ffmpeg', [
    ...'-v error -y -f s16le -ac 2 -ar'.split(' '),
    String(rate),
    '-i',
    'pipe:0',
    '-ar',
    '16000',
    '-b:a',
    '48k',
    path,
  ])
  encoding.child.stdin?.end(sound)
  await encoding
  return Math.round((sound.length / 4 / rate) * 1000)
}
