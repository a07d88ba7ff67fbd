/** What somebody typed, without line breaks and runs of blanks: names go into headers of a log and titles of a page. */
export function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
