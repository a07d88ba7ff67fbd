/** The environment of our own processes; domain/config.ts reads it. */
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
  RAMAL_SESSION_SECRET: string
  RAMAL_BEHIND_TLS?: 'yes'
  RAMAL_TURN_URLS?: string
  RAMAL_TURN_SECRET?: string
  RAMAL_LOG_LEVEL: string
  TZ: string
}
