/**
 * A carrier's answers about the number itself. Another trunk would get the same answer, or ring the lead again, so the
 * dialplan tries no further trunk (dialplan/outbound.conf).
 */
export const finalSipCodes = [404, 410, 480, 484, 486, 600, 603, 604] as const
