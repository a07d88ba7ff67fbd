/** A typed text without line breaks and repeated blanks. Names go into log headers and page titles. */
export function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
