import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../contacts/imports/files/', import.meta.url)

/** A lead as a file should bring it: name, company, and its numbers with their labels. */
export type RightLead = [name: string, company: string, ...numbers: string[]]

export interface RightFile {
  leads: RightLead[]
  /** Why other rows are refused. */
  refused?: string[]
  /** What numbers without an area code add, when a manager says that they are of area 11. */
  assumed?: RightLead[]
}

/** The files that products export, with what is right for each in a company of area 11. Ana's and Bruno's numbers are invented. */
export const rightFiles: Record<string, RightFile> = {
  'cpf-before-phone.csv': { leads: [['Bruno Castro', '', '+5521987654002']], refused: ['empty'] },
  'cpf-looks-like-phone.csv': {
    leads: [
      ['Ana Ribeiro', '', '+5521987654001'],
      ['Bruno Castro', '', '+5521987654002'],
    ],
  },
  'ddd-column.csv': {
    leads: [
      ['Ana Ribeiro', '', '+5521987654001'],
      ['Bruno Castro', '', '+558533334002'],
    ],
  },
  'excel-apostrophe.csv': {
    leads: [
      ['Ana Ribeiro', '', '+5521987654001 Celular'],
      ['Bruno Castro', '', '+5521987654002 Celular'],
    ],
  },
  'excel-scientific.csv': { leads: [], refused: ['shortened', 'shortened'] },
  'excel-sep-line.csv': {
    leads: [
      ['Ana Ribeiro', 'Padaria Um', '+5521987654001'],
      ['Bruno Castro', 'Padaria Dois', '+5521987654002'],
    ],
  },
  'google-contacts-new.csv': {
    leads: [
      ['Ana Ribeiro', 'Padaria Um', '+5521987654001 Celular', '+552133334001 Comercial'],
      ['Bruno Castro', 'Padaria Dois', '+5521987654002 Celular', '+5521987654003 Celular'],
    ],
  },
  'google-contacts-old.csv': {
    leads: [
      ['Ana Ribeiro', 'Padaria Um', '+5521987654001 Celular', '+552133334001 Comercial'],
      ['Bruno Castro', '', '+552133334002 Casa', '+5521987654002 Casa'],
    ],
  },
  'hubspot-contacts.csv': {
    leads: [
      ['Ana Ribeiro', 'Padaria Um', '+552133334001', '+5521987654001 Celular'],
      ['Bruno Castro', 'Padaria Dois', '+5521987654002 Celular'],
    ],
  },
  'outlook-en.csv': {
    leads: [
      ['Ana Maria Ribeiro', 'Padaria Um', '+552133334001 Comercial', '+5521987654001 Celular'],
      ['Bruno Castro', '', '+552133334002 Casa'],
    ],
  },
  'outlook-pt.csv': {
    leads: [
      ['Ana Maria Ribeiro', 'Padaria Um', '+552133334001 Comercial', '+552133334003 Comercial', '+5521987654001 Celular'],
      ['Bruno Castro', '', '+552133334002 Casa'],
    ],
  },
  'pandas-float.csv': {
    leads: [
      ['Ana Ribeiro', '', '+5521987654001'],
      ['Bruno Castro', '', '+5521987654002'],
    ],
    refused: ['no-area-code', 'ninth-digit'],
    assumed: [['Caio Dias', '', '+5511987654003']],
  },
  'phone-kinds.csv': { leads: [['Ana Ribeiro', '', '+5521987654001 Celular', '+552133334001 Comercial']] },
  'pipedrive-people.csv': {
    leads: [
      ['Ana Ribeiro', 'Padaria Um', '+5521987654001 Celular'],
      ['Bruno Castro', 'Padaria Dois', '+552133334002 Comercial', '+552133334003 Comercial', '+5521987654002 Celular'],
    ],
  },
  'rd-crm-deals.csv': {
    leads: [
      ['Ana Ribeiro', 'Padaria Um', '+5521987654001'],
      ['Bruno Castro', 'Padaria Dois', '+5521987654002'],
      ['Caio Dias', 'Padaria Dois', '+5521987654003'],
    ],
  },
  'rd-marketing-leads.csv': {
    leads: [
      ['Ana Ribeiro', 'Padaria Um', '+552133334001', '+5521987654001 Celular'],
      ['Bruno Castro', 'Padaria Dois', '+5521987654002 Celular'],
      ['Caio Dias', '', '+5521987654003 Celular'],
    ],
  },
  'receita.csv': {
    leads: [
      ['PADARIA UM', 'PADARIA UM LTDA', '+552133334001', '+5521987654001'],
      ['PADARIA DOIS LTDA', 'PADARIA DOIS LTDA', '+558533334002'],
    ],
    refused: ['no-area-code'],
    assumed: [['PADARIA TRES', 'PADARIA TRES LTDA', '+551133334003']],
  },
  'second-number-without-ddd.csv': {
    leads: [
      ['Ana Ribeiro', '', '+552133334001', '+5521987654001'],
      ['Bruno Castro', '', '+554833334002', '+5548991234002'],
    ],
  },
}

export function importFile(name: string): Buffer {
  return readFileSync(new URL(name, folder))
}

export function importFileNames(): string[] {
  return readdirSync(folder)
}
