/**
 * A carrier's answers about the number or the person. Another trunk would bring the same answer, so the dialplan tries no further
 * trunk (dialplan/outbound.conf). Not 480: a carrier sends it for a phone that is switched off, but also for its own fault (RFC 3398
 * maps the causes 19, 20 and 31 to it). Whatever the answer, no other trunk is tried once a trunk has rung the person.
 */
export const finalSipCodes = [404, 410, 484, 485, 486, 600, 603, 604, 607] as const
