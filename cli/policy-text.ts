import type { PolicyFault, PolicyKey } from '../domain/tenants/policy-settings.ts'

/** What each setting means. */
export const policyHelp: Record<PolicyKey, string> = {
  'max-calls': 'calls at the same time',
  'calls-per-second': 'new calls in a second',
  'phone-refusals': 'refused calls of one phone in a minute; after that it hears busy until the minute ends',
  'seconds-per-call': 'longest call',
  'ring-seconds': 'how long each trunk rings a lead',
  'day-calls': 'calls of the company in a day, none = no limit',
  'day-seconds': 'billed seconds of the company in a day, none = no limit',
  'agent-day-calls': 'calls of each agent in a day, none = no limit',
  'agent-day-seconds': 'billed seconds of each agent in a day, none = no limit',
  blocks: 'seconds of the first billed block, and of each following block',
  'free-seconds': 'calls up to this length cost nothing',
  record: 'whether calls are recorded',
  'recording-downloads': 'whether people may download the recordings that they may hear',
  'recording-days': 'recordings are deleted after this many days, none = never',
  'low-balance-minutes': 'a balance below this shows a warning, 0 = never',
  'spend-alarm-factor': 'an hour that uses this many times the usual hour pauses outbound calls, 0 = never',
  'spend-alarm-floor-minutes': 'an hour that uses less than this never pauses outbound calls',
  holidays: 'whether calling hours apply on national holidays too',
  'time-zone': 'time zone of hours, days and months',
  'area-code': 'area code (DDD) of numbers that are written without one',
  language: 'language of pages and prompts, unless a person chose another',
}

/** Completes "… must be". */
export function policyFaultText(fault: PolicyFault): string {
  switch (fault.kind) {
    case 'whole-number':
      return `a whole number from ${fault.from} to ${fault.to}${fault.orNone ? ', or none' : ''}`
    case 'blocks':
      return 'two blocks of 1 to 3600 seconds, such as 30+6'
    case 'yes-or-no':
      return 'yes or no'
    case 'time-zone':
      return 'a time zone, such as America/Sao_Paulo'
    case 'area-code':
      return 'an area code (DDD) in use, such as 11'
    case 'locale':
      return 'pt-BR or en'
  }
}
