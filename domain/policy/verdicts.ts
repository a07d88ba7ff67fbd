/** The possible answers of authorize. Each has a sentence in web/locales and a prompt in dialplan/prompts. */
export const verdicts = [
  'allowed',
  'no-balance',
  'too-many-calls',
  'destination-blocked',
  'invalid-number',
  'do-not-call',
  'outside-hours',
  'holiday',
  'outbound-paused',
  'too-fast',
  'daily-limit',
  'tenant-suspended',
  'agent-disabled',
  'already-used',
  'not-yours',
  'unavailable',
] as const

export type Verdict = (typeof verdicts)[number]
export type Refusal = Exclude<Verdict, 'allowed'>

const aboutTheNumber: readonly string[] = ['do-not-call', 'destination-blocked', 'invalid-number'] satisfies Refusal[]

/** Whether a refusal concerns the number alone: another number may be called. */
export function isAboutTheNumber(refusal: string): boolean {
  return aboutTheNumber.includes(refusal)
}
