import { firstRow } from '../../domain/contacts/imports/file-rows.ts'
import { guessColumns } from '../../domain/contacts/imports/columns.ts'
import { findQueuedImport, stageImport, storeChoice } from '../../domain/contacts/imports/imports.ts'
import { runContactImport } from '../../domain/contacts/imports/run.ts'
import type { Database } from '../../domain/database/pool.ts'

/** The export of a CRM. The carrier answers these numbers (dev/carrier), as those of the other leads. */
const file = `Nome;Empresa;Celular;Telefone Comercial;E-mail;Cidade;Tags;Observações;CNPJ;Cargo
Regina Prado;Empório Prado;(11) 97021-7001;(11) 97033-7002;regina@emporio-prado.example;São Paulo;Feira 2026;Prefere à tarde;11.222.333/0001-81;Sócia
Sérgio Bastos;Hotel Mirante;(11) 97024-7003;;sergio@hotel-mirante.example;Santos;Feira 2026;;11.444.777/0001-61;Compras
Tânia Rios;Buffet Rios;;(11) 97041-7004 / (11) 97018-7005 ramal 203;tania@buffet-rios.example;Campinas;Feira 2026,vip;;;
`

/** Imports leads with several numbers and with details, as a manager would. */
export async function importDemoFile(db: Database, tenantId: number, userId: number, now: Date): Promise<void> {
  const heading = firstRow(file)
  const rows = file
    .split('\n')
    .slice(1)
    .map((row) => row.split(';'))
  const id = await stageImport(db, tenantId, { userId, fileName: 'feira-2026.csv', content: file }, now)
  const choice = { columns: guessColumns(heading, rows), heading, separator: ';', assumesAreaCode: false, tag: '' }
  await storeChoice(db, tenantId, id, choice, 'queued')
  const work = await findQueuedImport(db, now)
  if (work?.id === id) await runContactImport(db, work, () => now)
}
