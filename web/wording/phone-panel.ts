import type { Translate } from '../locales/translate.ts'

/** A state of the phone's line, as the panel shows it. */
export interface LineStateText {
  line: string
  text: string
  why: string | null
  /** The phone connects: the panel shows when it tries again. */
  isWaiting: boolean
  /** The button that starts the phone; null where it starts by itself. */
  startText: string | null
}

const lines = [
  'off',
  'asking-microphone',
  'microphone-denied',
  'microphone-missing',
  'microphone-busy',
  'connecting',
  'ready',
  'reconnecting',
  'elsewhere',
  'displaced',
  'failed',
]
const waitingLines = ['connecting', 'reconnecting']
/** They say what they are. */
const unexplainedLines = [...waitingLines, 'ready']
const startedLines = [...unexplainedLines, 'asking-microphone', 'elsewhere']
const startKeys: Record<string, string> = { off: 'line.start', displaced: 'line.use-here' }

/** Every state of the line. The page has them all; the style shows the present one. */
export function lineStates(t: Translate): LineStateText[] {
  return lines.map((line) => ({
    line,
    text: t(`line.${line}`),
    why: unexplainedLines.includes(line) ? null : t(`line.${line}.why`),
    isWaiting: waitingLines.includes(line),
    startText: startedLines.includes(line) ? null : t(startKeys[line] ?? 'line.try-again'),
  }))
}

const microphoneTroubles = ['denied', 'missing', 'busy']
const echoTroubles = ['microphone-silent', 'no-return', 'unavailable', ...microphoneTroubles]

/** The steps of the echo test, and how it can end. */
export function echoSteps(t: Translate): { step: string; text: string; isTrouble: boolean }[] {
  return ['connecting', 'speak', 'listen', 'good', 'slow', ...echoTroubles].map((step) => ({
    step,
    text: t(microphoneTroubles.includes(step) ? `line.microphone-${step}.why` : `echo.${step}`),
    isTrouble: echoTroubles.includes(step),
  }))
}

const noticeActs: [name: string, tone: 'good' | 'trouble', act: string | null][] = [
  ['device-followed', 'good', 'notice.undo'],
  ['device-back', 'good', null],
  ['device-replaced', 'trouble', 'device.choose'],
  ['device-none', 'trouble', null],
]

/** The phone's notices about devices. The page replaces `{gone}` and `{device}` with their names. */
export function phoneNotices(t: Translate): { name: string; tone: string; text: string; act: string | null }[] {
  return noticeActs.map(([name, tone, act]) => ({
    name,
    tone,
    text: t(`notice.${name}`, { gone: '{gone}', device: '{device}' }),
    act: act && t(act),
  }))
}
