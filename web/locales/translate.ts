import type { Locale } from '../../domain/database/schema.ts'
import en from './en.json' with { type: 'json' }
import ptBR from './pt-BR.json' with { type: 'json' }

export const locales: readonly Locale[] = ['pt-BR', 'en']

/** A message in one language, with `{names}` filled in. Plain text: the views escape it. */
export type Translate = (key: string, values?: Record<string, string | number>) => string

const messages: Record<Locale, Record<string, string>> = { 'pt-BR': ptBR, en }

export function translator(locale: Locale): Translate {
  return (key, values = {}) => {
    const message = messages[locale][key]
    if (message === undefined) throw new Error(`no words for ${key} in ${locale}`)
    return message.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? `{${name}}`))
  }
}

/** Whether there are words for `key`; both languages have the same keys. */
export function hasMessage(key: string): boolean {
  return Object.hasOwn(ptBR, key)
}

export function isLocale(text: unknown): text is Locale {
  return locales.includes(text as Locale)
}
