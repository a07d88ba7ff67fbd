/** Kinds of numbers, as policy and prices tell them apart. */
export const destinationClasses = [
  'mobile',
  'fixed',
  'toll-free',
  'shared-cost',
  'premium',
  'international',
  'satellite',
  'collect',
  'short-code',
  'emergency',
] as const

export type DestinationClass = (typeof destinationClasses)[number]

/**
 * What a new company may call: ordinary Brazilian numbers. Everything else is closed until somebody opens it, because it
 * is where telephone fraud earns its money. Emergency numbers (190 police, 192 ambulance, 193 fire) are open to everybody
 * and cannot be closed.
 */
export const openByDefault: readonly DestinationClass[] = ['mobile', 'fixed', 'emergency']

/** 0800 and emergency numbers cost the caller nothing, so they take no minutes and work at zero balance. */
export function isFreeOfCharge(destination: DestinationClass): boolean {
  return destination === 'toll-free' || destination === 'emergency'
}
