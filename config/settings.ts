/** Every setting in one table: its name, its meaning, and how it is parsed. */
import { CodedError } from '../src/errors/coded-error.ts'
import {
  byteCount,
  filePath,
  isLoopback,
  isOnion,
  listenAddress,
  mailAddress,
  mailAddresses,
  mailServerUrl,
  onionAddress,
  proxyAddress,
  redisUrl,
  s3Endpoint,
  s3Region,
  socketPath,
  storeChoice,
  webhookUrl,
  wholeNumber,
  yesOrNo,
} from './parsers.ts'
import type { ListenAddress, Parsed } from './parsers.ts'
import { nearestName } from './nearest-name.ts'

export interface Setting<T> {
  /** The name of the environment variable. */
  name: string
  /** Parsed in the same way as a given value; null if there is no default. */
  default: string | null
  unit: string
  doc: string
  parse: (text: string) => Parsed<T>
  /** Whether the value may contain a password; if so, no message repeats it. */
  isSecret?: true
}

function required<T>(setting: Setting<T> & { default: string }): Setting<T> & { default: string } {
  return setting
}

function optional<T>(setting: Omit<Setting<T>, 'default'>): Setting<T> & { default: null } {
  return { ...setting, default: null }
}

const kibibyte = 1024
const tebibyte = 1024 ** 4

export const settingsTable = {
  listen: required({
    name: 'TUMEN_LISTEN',
    default: '127.0.0.1:8440',
    unit: 'host:port or unix:/path',
    parse: listenAddress,
    doc: 'Address of the public page and the intake.',
  }),
  onionSocket: optional({
    name: 'TUMEN_ONION_SOCKET',
    unit: 'path',
    parse: socketPath,
    doc: "A second listener, a unix socket for tor only, where every connection starts with tor's PROXY line.",
  }),
  opsListen: required({
    name: 'TUMEN_OPS_LISTEN',
    default: '127.0.0.1:8441',
    unit: 'host:port or unix:/path',
    parse: listenAddress,
    doc: 'Address of health, metrics and the dashboard. Keep it off the public network.',
  }),
  opsTokenFile: optional({
    name: 'TUMEN_OPS_TOKEN_FILE',
    unit: 'path',
    parse: filePath,
    doc: 'A file of mode 0600 with at least 32 random bytes in base64 or hex. If set, every request to ops must carry this token. Required unless ops listens on loopback or a unix socket.',
  }),
  redisUrl: optional({
    name: 'TUMEN_REDIS_URL',
    unit: 'redis://, rediss://, redis-sentinel://, redis-cluster:// or unix:/path',
    parse: redisUrl,
    isSecret: true,
    doc: 'The Redis (6.2 or later) that holds the queue: one server, a Sentinel or a Cluster (docs/scaling.md). If not set, a private redis-server is started.',
  }),
  dataDir: required({
    name: 'TUMEN_DATA_DIR',
    default: './var',
    unit: 'path',
    parse: filePath,
    doc: 'Folder of the spool, the vault, the ledger and the private Redis.',
  }),
  store: required({
    name: 'TUMEN_STORE',
    default: 'fs',
    unit: 'fs or s3://bucket/prefix',
    parse: storeChoice,
    doc: 'What holds the envelopes: files under the data directory, or an S3 bucket that several machines share (docs/scaling.md).',
  }),
  s3Endpoint: optional({
    name: 'TUMEN_S3_ENDPOINT',
    unit: 'https://host:port',
    parse: s3Endpoint,
    doc: 'Address of the S3 server. If not set, AWS in the region.',
  }),
  s3Region: required({
    name: 'TUMEN_S3_REGION',
    default: 'us-east-1',
    unit: 'region',
    parse: s3Region,
    doc: 'Region of the bucket, which is part of each signature.',
  }),
  s3AccessKeyFile: optional({
    name: 'TUMEN_S3_ACCESS_KEY_FILE',
    unit: 'path',
    parse: filePath,
    doc: 'A file of mode 0600 with the access key of the bucket.',
  }),
  s3SecretKeyFile: optional({
    name: 'TUMEN_S3_SECRET_KEY_FILE',
    unit: 'path',
    parse: filePath,
    doc: 'A file of mode 0600 with the secret key of the bucket.',
  }),
  s3CreateBucket: required({
    name: 'TUMEN_S3_CREATE_BUCKET',
    default: 'no',
    unit: 'yes or no',
    parse: yesOrNo,
    doc: 'Whether a missing bucket is created.',
  }),
  sharedKeyFile: optional({
    name: 'TUMEN_SHARED_KEY_FILE',
    unit: 'path',
    parse: filePath,
    doc: 'A file of mode 0600 with at least 32 random bytes in base64 or hex, the same on every machine. With it, an intake accepts proofs of work that another one asked for.',
  }),
  chores: optional({
    name: 'TUMEN_CHORES',
    unit: 'yes or no',
    parse: yesOrNo,
    doc: 'Whether the worker of this machine does the work that is done once for all machines: the nightly move and retention. If not set, the workers of an S3 store agree on one by a lease in the bucket.',
  }),
  keysDir: required({
    name: 'TUMEN_KEYS_DIR',
    default: './keys',
    unit: 'path',
    parse: filePath,
    doc: "The public keyring, its signature and the root's public key. A demo keyring is made here if there is none.",
  }),
  maxBytes: required({
    // 64 KiB: envelopes are padded to at least this size, so not even a text-only tip would fit
    // below it.
    name: 'TUMEN_MAX_BYTES',
    default: '2147483648',
    unit: 'bytes',
    parse: byteCount(64 * kibibyte, tebibyte),
    doc: 'Size of the largest envelope that is accepted.',
  }),
  retentionDays: required({
    name: 'TUMEN_RETENTION_DAYS',
    default: '30',
    unit: 'days',
    parse: wholeNumber(0, 3650),
    doc: 'How many days an envelope is kept after a desk has acknowledged it.',
  }),
  reserveBytes: required({
    name: 'TUMEN_RESERVE_BYTES',
    default: '268435456',
    unit: 'bytes',
    parse: byteCount(0, tebibyte),
    doc: 'Disk space that is never filled with envelopes, at most a tenth of the disk. Uploads that would need it are refused with 507.',
  }),
  maxUploads: required({
    name: 'TUMEN_MAX_UPLOADS',
    default: '64',
    unit: 'uploads',
    parse: wholeNumber(1, 10000),
    doc: 'How many uploads are received at the same time.',
  }),
  maxUnfinished: required({
    name: 'TUMEN_MAX_UNFINISHED',
    default: '2048',
    unit: 'uploads',
    parse: wholeNumber(1, 10000),
    doc: 'How many resumable uploads may be unfinished at the same time. Above half of it, those that were silent for long are removed early.',
  }),
  maxConnections: required({
    name: 'TUMEN_MAX_CONNECTIONS',
    default: '2048',
    unit: 'connections',
    parse: wholeNumber(16, 100_000),
    doc: 'How many connections may be open at the same time. Up to 4096 more wait for a place.',
  }),
  circuitConnections: required({
    name: 'TUMEN_CIRCUIT_CONNECTIONS',
    default: '256',
    unit: 'connections',
    parse: wholeNumber(1, 100_000),
    doc: 'How many of these connections one Tor circuit may have. This and the following limits are per circuit; thirty people can share one.',
  }),
  circuitUploads: required({
    name: 'TUMEN_CIRCUIT_UPLOADS',
    default: '32',
    unit: 'uploads',
    parse: wholeNumber(1, 10000),
    doc: 'How many uploads are received from one circuit at the same time. Further ones wait.',
  }),
  circuitUnfinished: required({
    name: 'TUMEN_CIRCUIT_UNFINISHED',
    default: '64',
    unit: 'uploads',
    parse: wholeNumber(1, 10000),
    doc: 'How many resumable uploads of one circuit may be unfinished.',
  }),
  circuitRequests: required({
    name: 'TUMEN_CIRCUIT_REQUESTS',
    default: '1800',
    unit: 'requests a minute',
    parse: wholeNumber(60, 10_000_000),
    doc: 'How many requests one circuit may make. All traffic without a circuit, on TUMEN_LISTEN, together has a thousand times as many.',
  }),
  circuitEnvelopes: required({
    name: 'TUMEN_CIRCUIT_ENVELOPES',
    default: '200',
    unit: 'tips in ten minutes',
    parse: wholeNumber(1, 10_000_000),
    doc: 'How many tips one circuit may start to send. All traffic without a circuit together has a thousand times as many.',
  }),
  silentDays: required({
    name: 'TUMEN_SILENT_DAYS',
    default: '1',
    unit: 'days',
    parse: wholeNumber(1, 30),
    doc: 'Number of whole days without a new byte after which a resumable upload is removed.',
  }),
  sweepSeconds: required({
    name: 'TUMEN_SWEEP_SECONDS',
    default: '10',
    unit: 'seconds',
    parse: wholeNumber(1, 3600),
    doc: 'How often the worker looks into the spool and queues what it finds.',
  }),
  idleSeconds: required({
    name: 'TUMEN_IDLE_SECONDS',
    default: '120',
    unit: 'seconds',
    parse: wholeNumber(1, 3600),
    doc: 'Number of seconds without a byte after which an upload is considered dead. Slow is normal over Tor.',
  }),
  metricsStepMinutes: required({
    name: 'TUMEN_METRICS_STEP_MINUTES',
    default: '15',
    unit: 'minutes',
    parse: wholeNumber(1, 1440),
    doc: 'Length of a step. Published counts change at step boundaries only, so that they never reveal when a tip arrived.',
  }),
  torDir: optional({
    name: 'TUMEN_TOR_DIR',
    unit: 'path',
    parse: filePath,
    doc: "The folder that tor and ops share. It holds tor's SOCKS socket, the onion's name, and requests of ops to tor (restart). If set, the canary and all notes that leave this machine use that socket.",
  }),
  canaryMinutes: required({
    name: 'TUMEN_CANARY_MINUTES',
    default: '5',
    unit: 'minutes',
    parse: wholeNumber(0, 1440),
    doc: 'How often, on average, ops sends a test tip to the public address and checks that it arrives. 0: never.',
  }),
  onionAddress: optional({
    name: 'TUMEN_ONION_ADDRESS',
    unit: '….onion',
    parse: onionAddress,
    doc: 'The onion address of sources, if it is not the one in TUMEN_TOR_DIR. With either, the canary goes there through Tor instead of to TUMEN_LISTEN.',
  }),
  torSocks: optional({
    name: 'TUMEN_TOR_SOCKS',
    unit: 'host:port',
    parse: proxyAddress,
    doc: "Tor's SOCKS port, used instead of the socket in TUMEN_TOR_DIR.",
  }),
  notifyMinutes: required({
    name: 'TUMEN_NOTIFY_MINUTES',
    default: '15',
    unit: 'minutes',
    parse: wholeNumber(1, 1440),
    doc: 'How often a note is sent, whatever has happened; each at a random moment in the first quarter of this time.',
  }),
  notifyWebhook: optional({
    name: 'TUMEN_NOTIFY_WEBHOOK',
    unit: 'https://…',
    parse: webhookUrl,
    isSecret: true,
    doc: 'Address to which notes are posted as JSON. Chat programs show its `text`.',
  }),
  notifyNtfy: optional({
    name: 'TUMEN_NOTIFY_NTFY',
    unit: 'https://…/topic',
    parse: webhookUrl,
    isSecret: true,
    doc: 'The ntfy topic to which notes are published.',
  }),
  notifySmtp: optional({
    name: 'TUMEN_NOTIFY_SMTP',
    unit: 'smtps://user:password@host or smtp://…',
    parse: mailServerUrl,
    isSecret: true,
    doc: 'The mail server that delivers notes: smtps:// for TLS, smtp:// for STARTTLS on port 587 (without TLS only to this machine or an onion). Needs TUMEN_NOTIFY_FROM and TUMEN_NOTIFY_TO.',
  }),
  notifyFrom: optional({
    name: 'TUMEN_NOTIFY_FROM',
    unit: 'mail address',
    parse: mailAddress,
    doc: 'Sender address of the mailed notes.',
  }),
  notifyTo: optional({
    name: 'TUMEN_NOTIFY_TO',
    unit: 'mail addresses, with commas between them',
    parse: mailAddresses,
    doc: 'Recipients of the mailed notes.',
  }),
}

type Table = typeof settingsTable
type ValueOf<S> = S extends { parse: (text: string) => Parsed<infer T>; default: infer D }
  ? T | (D extends null ? null : never)
  : never

/** One field for each setting; an unset setting without a default is null. Paths are absolute. */
export type Settings = { readonly [K in keyof Table]: ValueOf<Table[K]> }

export interface SettingsProblem {
  /** The name of the environment variable. */
  name: string
  /** What is wrong and what would be valid. Never contains a secret. */
  text: string
}

export class SettingsError extends CodedError<'SETTINGS_INVALID'> {
  override readonly name = 'SettingsError'
  readonly problems: readonly SettingsProblem[]

  constructor(problems: readonly SettingsProblem[]) {
    const lines = problems.map((problem) => `  ${problem.name} ${problem.text}`)
    super('SETTINGS_INVALID', `wrong settings:\n${lines.join('\n')}`)
    this.problems = problems
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads all `TUMEN_*` variables. An empty one counts as not set.
 *
 * @throws SettingsError with every problem at once, also for names that don't exist.
 */
export function loadSettings(env: Environment): Settings {
  const problems: SettingsProblem[] = unknownNames(env)
  const values: Record<string, unknown> = {}
  for (const [field, setting] of Object.entries<Setting<unknown>>(settingsTable)) {
    values[field] = readSetting(setting, env[setting.name], problems)
  }
  if (problems.length === 0)
    problems.push(...clashes(values as Settings), ...missingPartners(values as Settings))
  if (problems.length > 0) throw new SettingsError(problems)
  return values as Settings
}

function readSetting(
  setting: Setting<unknown>,
  given: string | undefined,
  problems: SettingsProblem[],
): unknown {
  const text = given === undefined || given === '' ? setting.default : given
  if (text === null) return null
  const parsed = setting.parse(text)
  if ('value' in parsed) return parsed.value
  const seen = setting.isSecret ? '' : `, not ${quote(text)}`
  problems.push({ name: setting.name, text: `${parsed.problem}${seen}` })
  return null
}

/**
 * Limits a value to one short printable line: a value from outside must not control the terminal.
 */
function quote(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return JSON.stringify(short).replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '?')
}

function unknownNames(env: Environment): SettingsProblem[] {
  const known = Object.values<Setting<unknown>>(settingsTable).map((setting) => setting.name)
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith('TUMEN_') && !known.includes(name),
  )
  return unknown.map((name) => {
    const nearest = nearestName(name, known)
    const wayOut = nearest === null ? 'remove it' : `did you mean ${nearest}?`
    return { name: quote(name).slice(1, -1), text: `is not a setting; ${wayOut}` }
  })
}

/** Reports listeners with the same address. Port 0 means any free port, so it never clashes. */
function clashes(settings: Settings): SettingsProblem[] {
  const places = [
    { name: settingsTable.listen.name, place: placeOf(settings.listen) },
    { name: settingsTable.opsListen.name, place: placeOf(settings.opsListen) },
    { name: settingsTable.onionSocket.name, place: settings.onionSocket },
  ]
  return places.flatMap(({ name, place }, index) => {
    const other = places
      .slice(0, index)
      .find((earlier) => place !== null && earlier.place === place)
    return other ? [{ name, text: `is the same address as ${other.name}; choose another one` }] : []
  })
}

/** Reports settings that have no effect without another one. */
function missingPartners(settings: Settings): SettingsProblem[] {
  const { onionAddress, torSocks, torDir, notifySmtp, notifyFrom, notifyTo } = settings
  const needs = (
    field: keyof Table,
    partner: keyof Table,
    isMissing: boolean,
  ): SettingsProblem[] =>
    isMissing
      ? [{ name: settingsTable[field].name, text: `needs ${settingsTable[partner].name}` }]
      : []
  const hasNoTor = torSocks === null && torDir === null
  const isLost = (url: URL | null): boolean => url !== null && isOnion(url.hostname) && hasNoTor
  return [
    ...needs(
      'opsListen',
      'opsTokenFile',
      !isNear(settings.opsListen) && settings.opsTokenFile === null,
    ),
    ...(['s3AccessKeyFile', 's3SecretKeyFile'] as const).flatMap((field) =>
      needs('store', field, settings.store.kind === 's3' && settings[field] === null),
    ),
    ...needs('onionAddress', 'torSocks', onionAddress !== null && hasNoTor),
    ...(['notifyWebhook', 'notifyNtfy', 'notifySmtp'] as const).flatMap((field) =>
      needs(field, 'torSocks', isLost(settings[field])),
    ),
    ...needs('notifySmtp', 'notifyFrom', notifySmtp !== null && notifyFrom === null),
    ...needs('notifySmtp', 'notifyTo', notifySmtp !== null && notifyTo === null),
  ]
}

/** The entry of a variable in the table; undefined for an unknown name. */
export function settingNamed(name: string): Setting<unknown> | undefined {
  return Object.values<Setting<unknown>>(settingsTable).find((setting) => setting.name === name)
}

/**
 * Whether an address can be reached from this machine only. A host name may resolve to any address,
 * so only `localhost` counts.
 */
export function isNear(address: ListenAddress): boolean {
  return 'path' in address || isLoopback(address.host) || address.host === '::1'
}

function placeOf(address: ListenAddress): string | null {
  if ('path' in address) return address.path
  return address.port === 0 ? null : `${address.host}:${address.port}`
}

/** The settings as a Markdown table, for docs/settings.md. */
export function settingsMarkdown(): string {
  const rows = Object.values<Setting<unknown>>(settingsTable).map((setting) => {
    const value = setting.default === null ? 'not set' : `\`${setting.default}\``
    return `| \`${setting.name}\` | ${value} | ${setting.unit} | ${setting.doc} |`
  })
  return ['| variable | default | unit | meaning |', '|---|---|---|---|', ...rows, ''].join('\n')
}
