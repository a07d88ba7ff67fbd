/**
 * Command lines for Asterisk's parser: it splits words at spaces, and expects `"…"` around a word with spaces and `\` before a
 * literal quote or backslash.
 */

/**
 * Asterisk's line buffer: 8 KB from 20.16 and 22.6, 2 KB before. It cuts a longer line there and runs the rest as another
 * command.
 */
const LONGEST_BYTES = 2000

/** Throws a RangeError for an invalid variable name, or for a line that Asterisk would cut. */
export function setVariableLine(name: string, value: string | number): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new RangeError(`Not the name of a channel variable: ${JSON.stringify(name)}`)
  return checkedLine(`SET VARIABLE ${name} ${quoted(String(value))}`)
}

/** `expression`: as in the dialplan, `${HANGUPCAUSE}` or `${CHANNEL(rtp,dest)}`. */
export function getFullVariableLine(expression: string): string {
  return checkedLine(`GET FULL VARIABLE ${quoted(expression)}`)
}

/** Returns the line, or throws a RangeError if Asterisk would not read it as exactly one line. */
export function checkedLine(line: string): string {
  const bytes = Buffer.byteLength(line)
  if (bytes > LONGEST_BYTES) throw new RangeError(`An AGI command of ${bytes} bytes: Asterisk would cut it at ${LONGEST_BYTES}`)
  if (CONTROL.test(line)) throw new RangeError(`A control character in an AGI command: ${JSON.stringify(line)}`)
  return line
}

function quoted(text: string): string {
  return `"${text.replaceAll(CONTROLS, '').replaceAll(/["\\]/g, '\\$&')}"`
}

// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/
const CONTROLS = new RegExp(CONTROL, 'g')
