/** The values of a statement that the database keeps prepared (prepared.ts, pool.ts). */
export class PreparedValues extends Array<unknown> {}
