/** The values of a prepared statement (prepared.ts, pool.ts). */
export class PreparedValues extends Array<unknown> {}
