/** How a call ended at the carrier; `abandoned`: the caller hung up first. */
export type CarrierOutcome = 'answered' | 'busy' | 'no-answer' | 'rejected' | 'no-such-number' | 'congestion' | 'abandoned'

/** A finished call in the carrier's records, by its own clock. */
export type CarrierCall = {
  /** The dialled digits, 55 first. */
  number: string
  trunk: string
  /** The user part of From: the caller id that the carrier received. */
  callerId: string
  startedAt: Date
  answeredAt: Date | undefined
  endedAt: Date
  /** From answer to end; 0 for an unanswered call. */
  talkMs: number
  answered: boolean
  outcome: CarrierOutcome
  sipCallId: string
}

/** Reads the CDRs (etc/cdr_custom.conf has the order of the columns). */
export function parseCalls(csv: string): CarrierCall[] {
  return csv
    .split('\n')
    .filter((line) => line !== '')
    .map(parseCall)
}

function parseCall(line: string): CarrierCall {
  const [number = '', trunk = '', callerId = '', start = '', answer = '', end = '', outcome = '', sipCallId = ''] = line.split(',')
  const answeredAt = Number(answer) > 0 ? time(answer) : undefined
  const endedAt = time(end)
  return {
    number,
    trunk,
    callerId,
    startedAt: time(start),
    answeredAt,
    endedAt,
    talkMs: answeredAt ? endedAt.getTime() - answeredAt.getTime() : 0,
    answered: answeredAt !== undefined,
    outcome: outcome === '' ? 'abandoned' : (outcome as CarrierOutcome),
    sipCallId,
  }
}

/** An INVITE at the carrier and its progress so far, with milliseconds. */
export type CarrierInvite = {
  number: string
  trunk: string
  callerId: string
  /** The user part of P-Asserted-Identity, '' if there is none. */
  assertedIdentity: string
  at: Date
  answeredAt: Date | undefined
  endedAt: Date | undefined
  sipCallId: string
}

/** Reads calls.log, which etc/extensions.conf writes. */
export function parseInvites(log: string): CarrierInvite[] {
  return parseLog(log, ['INVITE', 'ANSWERED', 'ENDED'])
}

/** Reads the calls to the customer from calls.log, with the numbers of the customer and of the caller. */
export function parseOutsideCalls(log: string): CarrierInvite[] {
  return parseLog(log, ['CALLING', 'TALKING', 'LEFT'])
}

/** Reads keys.log: the keys that arrived, in order. */
export function parseKeys(log: string): string {
  return [...log.matchAll(/DTMF end '(.)' received/g)].map(([, key]) => key).join('')
}

function parseLog(log: string, words: [begins: string, answered: string, ends: string]): CarrierInvite[] {
  const [begins, answered] = words
  const line = new RegExp(`^\\[(\\d+\\.\\d+)\\].*?\\b(${words.join('|')}) (number=.*)$`, 'gm')
  const invites = new Map<string, CarrierInvite>()
  for (const [, seconds = '', event = '', rest = ''] of log.matchAll(line)) {
    const fields = new Map([...rest.matchAll(/(\w+)=(\S*)/g)].map(([, name = '', value = '']) => [name, value]))
    const sipCallId = fields.get('call') ?? ''
    const at = time(seconds)
    const invite = invites.get(sipCallId)
    if (event === begins) {
      invites.set(sipCallId, {
        number: fields.get('number') ?? '',
        trunk: fields.get('trunk') ?? '',
        callerId: fields.get('callerid') ?? '',
        assertedIdentity: /sips?:([^@]*)@/.exec(fields.get('asserted') ?? '')?.[1] ?? '',
        at,
        answeredAt: undefined,
        endedAt: undefined,
        sipCallId,
      })
    } else if (invite && event === answered) invite.answeredAt = at
    else if (invite) invite.endedAt = at
  }
  return [...invites.values()]
}

/** Unix seconds with a fraction. */
function time(seconds: string): Date {
  return new Date(Math.round(Number(seconds) * 1000))
}
