/**
 * Asterisk never times out on us, and goes on with the dialplan whatever we do: `failure` gives AGISTATUS=FAILURE, and the
 * variable takes the place of a verdict that an earlier request may have left.
 */
export const UNAVAILABLE = ['SET VARIABLE RAMAL_VERDICT "unavailable"', 'failure']
