import type { ColumnType } from 'kysely'

/** MariaDB has no boolean: it returns 0 and 1. */
export type Flag = ColumnType<number, boolean | undefined, boolean>
export type Defaulted<T> = ColumnType<T, T | undefined, T>
