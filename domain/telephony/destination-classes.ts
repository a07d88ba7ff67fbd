/** Classes of numbers that policy and prices distinguish. */
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
 * The classes that a new company may call: ordinary Brazilian numbers. All others stay blocked until an operator allows them,
 * because telephone fraud earns its money there. Emergency numbers (190 police, 192 ambulance, 193 fire) are always allowed.
 */
export const openByDefault: readonly DestinationClass[] = ['mobile', 'fixed', 'emergency']

/** The usual targets of telephone fraud with a stolen phone. Opening one of these needs a confirmation. */
export const fraudProne: readonly DestinationClass[] = ['premium', 'international', 'satellite', 'collect']

/** Free for the caller: 0800 and emergency calls use no minutes and work at zero balance. */
export function isFreeOfCharge(destination: DestinationClass): boolean {
  return destination === 'toll-free' || destination === 'emergency'
}
