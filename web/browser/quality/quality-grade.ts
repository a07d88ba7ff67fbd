export type Grade = 'excellent' | 'good' | 'fair' | 'poor' | 'bad'

/** Without gaps: Telnyx's ranges leave out 4.0 to 4.1 and 3.6 to 3.7, and grade those as bad. */
export function gradeOf(mosTenths: number): Grade {
  if (mosTenths >= 42) return 'excellent'
  if (mosTenths >= 40) return 'good'
  if (mosTenths >= 36) return 'fair'
  return mosTenths >= 31 ? 'poor' : 'bad'
}
