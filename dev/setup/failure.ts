/** An error that the user can correct: printed without a stack trace. */
export class SetupFailure extends Error {}
