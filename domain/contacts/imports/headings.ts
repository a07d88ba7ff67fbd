/** What a column of a file means; '' = ignored. */
export const columnKinds = [
  '',
  'number',
  'area-code',
  'number-label',
  'name',
  'last-name',
  'company',
  'email',
  'city',
  'owner',
  'notes',
  'tags',
  'field',
] as const
export type ColumnKind = (typeof columnKinds)[number]

/** What the heading of a column says about it. */
export interface HeadingMeaning {
  kind: ColumnKind
  /** Other columns of this kind give way: a full name to a first name, a registered name to a trade name. */
  rank: number
  /** `Contato`, `Número`: a number if the cells are numbers. */
  mayBeNumber: boolean
  /** CPF, date, value, fax …: not a telephone, whatever its cells look like. */
  isNeverNumber: boolean
}

export function meaningOfHeading(heading: string): HeadingMeaning {
  const plain = plainHeading(heading)
  const words = plain.split(' ')
  if (plain === '' || ignored.test(plain)) return meaning('')
  if (numberLabel.test(plain)) return meaning('number-label')
  if (words.includes('fax')) return { ...meaning('field'), isNeverNumber: true }
  const isNumber = words.some((word) => numberWord.test(word))
  if (areaCode.test(plain) || words.includes('ddd')) return { ...meaning('area-code'), mayBeNumber: isNumber }
  if (/\b(e ?mail|correio eletronico)\b/.test(plain)) return meaning('email')
  if (words.some((word) => neverWords.has(word))) return { ...meaning('field'), isNeverNumber: true }
  if (isNumber) return meaning('number')
  const mayBeNumber = weakNumber.test(plain)
  const found = kindsByHeading.find(([, pattern]) => pattern.test(plain))
  if (!found) return { ...meaning('field'), mayBeNumber }
  const [kind, , rank] = found
  return { ...meaning(kind), rank, mayBeNumber }
}

/** What the words of a heading or of a label cell say about a number: `Telefone Comercial`, `* Mobile`. Empty for `Telefone`. */
export function numberLabelOf(text: string): string {
  const plain = plainHeading(text)
  const known = labels.find(([, pattern]) => pattern.test(plain))
  return known?.[0] ?? ''
}

/** Lower case without accents and punctuation. Pipedrive puts the thing before its property: `Person - Name`. */
export function plainHeading(heading: string): string {
  return heading
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/^\s*(person|pessoa|contact|contato|lead)\s+-\s+/, '')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .replace(/([a-z])(\d)/g, '$1 $2')
    .trim()
    .replace(/ (\d+) (value|valor)$/, ' $1')
}

function meaning(kind: ColumnKind): HeadingMeaning {
  return { kind, rank: 0, mayBeNumber: false, isNeverNumber: false }
}

/** The reason in a file of refused lines, and what says how to read another column. */
const ignored = /^(motivo|reason|(e ?mail|address|endereco)( \d+)? (label|type)|e ?mail( \d+)? display name|tipo (de|do) e ?mail)$/
const numberLabel = /^((phone|telefone|fone|celular)( \d+)? (label|type|tipo|rotulo)|tipo (de|do) (telefone|fone|celular)( \d+)?)$/
const areaCode = /^(area|codigo (de )?area|cod area|area code)( \d+)?$/
const weakNumber = /^(numeros?|number|num|n[ºo]?|contatos?|contacts?|contato principal|principal)( \d+)?$/
const numberWord =
  /^(telefones?|telefonicos?|fones?|tels?|celular(es)?|cel|whats|whatsapp|wpp|zap|phones?|telephone|mobile|cellphone|cell|telemovel)$/

const neverWords = new Set(
  (
    'cpf cnpj cep rg ie im zip postal pin date data nascimento birthday birth dob aniversario anniversary hora time created criado criacao ' +
    'updated atualizado atualizacao cadastro valor value preco price total faturamento receita renda salario capital id ids codigo cod ' +
    'code matricula protocolo pedido telex isdn pager inscricao cnae nire pis nit passaporte passport documento document idade age ' +
    'ano year quantidade qtd score pontuacao ip uuid url site website link foto photo'
  ).split(' '),
)

/** A full name comes before a first name. */
export const firstNameRank = 2

const kindsByHeading: readonly [ColumnKind, RegExp, number][] = [
  ['name', /^(nome completo|full name|display name|nome d[aoe] (lead|contato|cliente|pessoa)|(contact|customer|lead|person) name)$/, 0],
  ['name', /^(contatos?|contato principal|pessoa|person|name|nome|clientes?|leads?|contacts?|customer)$/, 1],
  ['name', /^(primeiro nome|first name|given name)$/, firstNameRank],
  ['last-name', /^(sobrenome|ultimo nome|last name|family name|surname|middle name|additional name|segundo nome|nome do meio)$/, 0],
  ['company', /^(razao social|empresa|nome da empresa|companhia|conta|organizacao|company( name)?|account( name)?)$/, 0],
  ['company', /^(associated company|primary company|organi[sz]ation( name)?|organi[sz]ation 1( name)?)$/, 0],
  ['company', /^(nome )?fantasia$/, 1],
  ['city', /^(cidade|municipio|city|localidade|(home|business|other|address 1) city|cidade do endereco( \p{L}+)?)$/u, 0],
  ['owner', /^(responsavel( pel[ao] \p{L}+)?|dono|proprietario( d[oa] \p{L}+)?|vendedor|consultor|agente|atendente)$/u, 0],
  ['owner', /^((contact|lead|deal|account) )?owner$/, 0],
  ['notes', /^(observac(ao|oes)|obs|notas?|anotac(ao|oes)|comentarios?|notes?|comments?)$/, 0],
  ['tags', /^(etiquetas?|tags?|marcador(es)?|labels?|categorias?|categories|segmento|grupos?|groups?|group membership)$/, 0],
]

const labels: readonly [string, RegExp][] = [
  ['WhatsApp', /\b(whats|whatsapp|wpp|zap)\b/],
  ['Celular', /\b(celular|celulares|cel|mobile|cell|cellphone|telemovel)\b/],
  ['Comercial', /\b(comercial|trabalho|empresa|escritorio|work|business|company|office)\b/],
  ['Casa', /\b(residencial|residencia|casa|home|res)\b/],
  ['Recado', /\b(recados?)\b/],
  ['Outro', /\b(outros?|other)\b/],
]
