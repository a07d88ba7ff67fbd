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
