/** Decodes what our dialplan percent-encoded. Text that cannot be decoded stays as it is. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
