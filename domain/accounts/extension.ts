/** Why a text cannot be an agent's extension, or null. */
export type ExtensionFault = 'digits' | 'emergency'

/** An extension has 2 to 6 digits, and is never a number that a caller in an emergency dials. */
export function extensionFault(text: string): ExtensionFault | null {
  if (!/^\d{2,6}$/.test(text)) return 'digits'
  return /^19[023]$/.test(text) ? 'emergency' : null
}
