import { z } from 'zod'

/** The configuration, from the environment (in production: a file in /etc/ramal for each process, and ramal.env for the command line). */
export interface Config {
  databaseUrl: string
  agiListen: ListenAddress
  webListen: ListenAddress
  /** SIP domain of the phones, and the realm of their digest passwords. */
  sipDomain: string
  /** The WebSocket URL of the browser phone, as the browser sees it. */
  sipWebSocketUrl: string
  /** The TURN server for agents behind networks that block audio, or null. */
  turn: TurnServer | null
  /** Asterisk's spool directory: call files go to `outgoing/` below it. */
  spoolDir: string
  /** The directory of MixMonitor's raw recordings. */
  monitorDir: string
  /** The directory of stored recordings. */
  storageDir: string
  /** The program and arguments that start Asterisk's command line: for `ramal check` only. */
  asteriskCommand: string[]
  /** Asterisk's configuration directory: for `ramal check` only. */
  asteriskConfigDir: string
  /** The directory of the processes' settings: for `ramal check` only. */
  settingsDir: string
  /** Where ramal-watch records its restarts of Asterisk. */
  watchStateDir: string
  /** The bucket that recordings move to from `storageDir`; null = they stay there. */
  bucket: BucketConfig | null
  backup: BackupConfig
  /** The ports where local monitors can query each process; null = none. */
  metricsPorts: { fastagi: number | null; web: number | null; worker: number | null }
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** True behind a TLS proxy: cookies are then sent over HTTPS only, and X-Forwarded-For is trusted. */
  behindTls: boolean
  /** Signs session cookies. At least 32 characters, the same for all web processes. */
  sessionSecret: string | undefined
}

export interface BucketConfig {
  /** The URL of the bucket, such as https://s3.sa-east-1.amazonaws.com/ramal-recordings */
  url: string
  region: string
  keyId: string
  secret: string
}

export interface BackupConfig {
  /** The backup repository, as restic names it: a directory, `s3:https://…/bucket`, `sftp:…` */
  repository: string
  /** The file with the encryption key. */
  keyFile: string
  /** Files and directories of settings to back up, if they exist. */
  settings: string[]
  /** Where a backup records its success. */
  stateDir: string
}

export interface TurnServer {
  /** As browsers accept them: `turn:` or `turns:`, host, port and transport. */
  urls: string[]
  /** coturn's `static-auth-secret`. It signs passwords that last a few hours, and never leaves the server. */
  secret: string
}

export interface ListenAddress {
  host: string
  port: number
}

/** Reads and validates the environment. Throws one error that names all missing or invalid variables, but never their values. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const values = readSettings(env)
  return {
    databaseUrl: values.RAMAL_DATABASE_URL,
    agiListen: values.RAMAL_AGI_LISTEN,
    webListen: values.RAMAL_WEB_LISTEN,
    sipDomain: values.RAMAL_SIP_DOMAIN,
    sipWebSocketUrl: values.RAMAL_SIP_WS_URL,
    turn: turnServer(values.RAMAL_TURN_URLS, values.RAMAL_TURN_SECRET),
    spoolDir: values.RAMAL_SPOOL_DIR,
    monitorDir: values.RAMAL_MONITOR_DIR,
    storageDir: values.RAMAL_STORAGE_DIR,
    asteriskCommand: values.RAMAL_ASTERISK,
    asteriskConfigDir: values.RAMAL_ASTERISK_CONFIG_DIR,
    settingsDir: values.RAMAL_SETTINGS_DIR,
    watchStateDir: values.RAMAL_WATCH_STATE_DIR,
    bucket: bucketConfig(values),
    backup: {
      repository: values.RAMAL_BACKUP_REPOSITORY,
      keyFile: values.RAMAL_BACKUP_KEY_FILE,
      settings: values.RAMAL_BACKUP_SETTINGS,
      stateDir: values.RAMAL_BACKUP_STATE_DIR,
    },
    metricsPorts: {
      fastagi: values.RAMAL_FASTAGI_METRICS_PORT,
      web: values.RAMAL_WEB_METRICS_PORT,
      worker: values.RAMAL_WORKER_METRICS_PORT,
    },
    logLevel: values.RAMAL_LOG_LEVEL,
    behindTls: values.RAMAL_BEHIND_TLS === 'yes',
    sessionSecret: values.RAMAL_SESSION_SECRET,
  }
}

export type Settings = z.infer<typeof environment>

/** Each setting by name, with its default. Throws as `loadConfig` does. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const parsed = environment.safeParse(env)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The configuration is not complete:\n  ${faults.join('\n  ')}`)
}

function bucketConfig(values: Settings): BucketConfig | null {
  const { RAMAL_BUCKET_URL: url, RAMAL_BUCKET_REGION: region, RAMAL_BUCKET_KEY_ID: keyId, RAMAL_BUCKET_SECRET: secret } = values
  return url === '' ? null : { url, region, keyId, secret }
}

function turnServer(urls: string[], secret: string): TurnServer | null {
  return urls.length === 0 ? null : { urls, secret }
}

const listenAddress = z
  .string()
  .regex(/^[0-9.]+:\d{1,5}$/, 'must be an address and a port, such as 127.0.0.1:8080')
  .transform((text): ListenAddress => {
    const [host = '', port] = text.split(':')
    return { host, port: Number(port) }
  })

const list = z.string().transform((text) => text.split(/[\s,]+/).filter((word) => word !== ''))
const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be the number of a port')
  .transform(Number)
  .nullable()
  .default(null)

/** A URL of RFC 7065; browsers refuse others. */
const turnUrl = /^turns?:[a-z0-9.-]+(:\d{1,5})?(\?transport=(udp|tcp))?$/

const environment = z
  .object({
    RAMAL_DATABASE_URL: z.string().regex(/^mysql:\/\//, 'must be mysql://user:password@host:port/database'),
    RAMAL_AGI_LISTEN: listenAddress.default({ host: '127.0.0.1', port: 4573 }),
    RAMAL_WEB_LISTEN: listenAddress.default({ host: '127.0.0.1', port: 8080 }),
    RAMAL_SIP_DOMAIN: z
      .string()
      .regex(/^[a-z0-9.-]+$/)
      .default('ramal.local'),
    RAMAL_SIP_WS_URL: z
      .string()
      .regex(/^wss?:\/\//, 'must start with ws:// or wss://')
      .default('ws://127.0.0.1:8088/ws'),
    RAMAL_TURN_URLS: list
      .refine(
        (urls) => urls.every((url) => turnUrl.test(url)),
        'must be URLs such as turn:ramal.example.com.br:3478?transport=tcp, with commas between',
      )
      .default([]),
    RAMAL_TURN_SECRET: z.string().min(32, 'must have at least 32 characters').or(z.literal('')).default(''),
    RAMAL_SPOOL_DIR: z.string().startsWith('/').default('/var/spool/asterisk'),
    RAMAL_MONITOR_DIR: z.string().startsWith('/').default('/var/spool/asterisk/ramal'),
    RAMAL_STORAGE_DIR: z.string().startsWith('/').default('/var/lib/ramal/recordings'),
    RAMAL_ASTERISK: z
      .string()
      .trim()
      .min(1)
      .default('asterisk')
      .transform((text) => text.split(/\s+/)),
    RAMAL_ASTERISK_CONFIG_DIR: z.string().startsWith('/').default('/etc/asterisk'),
    RAMAL_SETTINGS_DIR: z.string().startsWith('/').default('/etc/ramal'),
    RAMAL_WATCH_STATE_DIR: z.string().startsWith('/').default('/var/lib/ramal-watch'),
    RAMAL_BUCKET_URL: z
      .string()
      .regex(/^https?:\/\/[^/?#@]+\/[^?#]+$/, 'must be the URL of the bucket, such as https://s3.example.com/ramal-recordings')
      .or(z.literal(''))
      .default(''),
    RAMAL_BUCKET_REGION: z.string().default('us-east-1'),
    RAMAL_BUCKET_KEY_ID: z.string().default(''),
    RAMAL_BUCKET_SECRET: z.string().default(''),
    RAMAL_BACKUP_REPOSITORY: z
      .string()
      .regex(/^(\/|[a-z0-9]+:)/, 'must be a directory, or what restic takes, such as s3:https://host/bucket')
      .default('/var/backups/ramal'),
    RAMAL_BACKUP_KEY_FILE: z.string().startsWith('/').default('/etc/ramal/backup.key'),
    RAMAL_BACKUP_SETTINGS: list.default(['/etc/ramal/ramal.env', '/etc/ramal/nftables.d', '/etc/asterisk/local']),
    RAMAL_BACKUP_STATE_DIR: z.string().startsWith('/').default('/var/lib/ramal/backup'),
    RAMAL_FASTAGI_METRICS_PORT: port,
    RAMAL_WEB_METRICS_PORT: port,
    RAMAL_WORKER_METRICS_PORT: port,
    RAMAL_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    RAMAL_BEHIND_TLS: z.enum(['yes', 'no']).default('no'),
    RAMAL_SESSION_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  })
  .refine((values) => values.RAMAL_TURN_URLS.length > 0 === (values.RAMAL_TURN_SECRET !== ''), {
    path: ['RAMAL_TURN_SECRET'],
    message: 'goes with RAMAL_TURN_URLS: set both, or neither',
  })
  .refine(
    (values) =>
      new Set([values.RAMAL_BUCKET_URL, values.RAMAL_BUCKET_KEY_ID, values.RAMAL_BUCKET_SECRET].map((text) => text === '')).size === 1,
    {
      path: ['RAMAL_BUCKET_URL'],
      message: 'goes with RAMAL_BUCKET_KEY_ID and RAMAL_BUCKET_SECRET: set all, or none',
    },
  )
