import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { checkout } from '../setup/cache.ts'

export type ProcessName = 'fastagi' | 'web' | 'worker'

/** The environment of the command line: all settings except the site's secret. domain/runtime/config.ts reads it. */
export type RamalEnvironment = {
  RAMAL_DATABASE_URL: string
  RAMAL_AGI_LISTEN: string
  RAMAL_WEB_LISTEN: string
  RAMAL_SIP_DOMAIN: string
  RAMAL_SIP_WS_URL: string
  RAMAL_SPOOL_DIR: string
  RAMAL_MONITOR_DIR: string
  RAMAL_STORAGE_DIR: string
  RAMAL_FASTAGI_METRICS_PORT: string
  RAMAL_WEB_METRICS_PORT: string
  RAMAL_WORKER_METRICS_PORT: string
  RAMAL_BACKUP_STATE_DIR: string
  RAMAL_WATCH_STATE_DIR: string
  RAMAL_ASTERISK: string
  RAMAL_ASTERISK_CONFIG_DIR: string
  RAMAL_SETTINGS_DIR: string
  RAMAL_BEHIND_TLS?: 'yes'
  RAMAL_TURN_URLS?: string
  RAMAL_TURN_SECRET?: string
  RAMAL_LOG_LEVEL: string
  TZ: string
}

/**
 * The environment of one process: only the settings that systemd/<name>.env names, as on a server. So a process fails here if it needs
 * a setting that its file does not name.
 */
export function processEnvironment(name: ProcessName, env: RamalEnvironment, own: Record<string, string>): NodeJS.ProcessEnv {
  const template = readFileSync(join(checkout, `systemd/${name}.env`), 'utf8')
  const all: Record<string, string | undefined> = { ...env, ...own }
  const lines = (template.match(/RAMAL_[A-Z_]+(?==)/g) ?? []).flatMap((key) => (all[key] === undefined ? [] : [`${key}=${all[key]}\n`]))
  mkdirSync(env.RAMAL_SETTINGS_DIR, { recursive: true })
  const file = join(env.RAMAL_SETTINGS_DIR, `${name}.env`)
  writeFileSync(file, lines.join(''), { mode: 0o600 })
  return { ...parseEnv(readFileSync(file, 'utf8')), TZ: env.TZ }
}
