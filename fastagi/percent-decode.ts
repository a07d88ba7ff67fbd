/** What was percent-encoded by our dialplan. What cannot be decoded was not; it stays as it stands. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
