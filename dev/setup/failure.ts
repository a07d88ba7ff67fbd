/** Something a person can put right: printed as it is, without a stack trace. */
export class SetupFailure extends Error {}
