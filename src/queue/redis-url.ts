import { readFileSync } from 'node:fs'
import type { RedisOptions } from 'ioredis'
import { readSecretFile } from '../disk/secret-file.ts'
import { QueueError } from './errors.ts'

export interface RedisNode {
  host: string
  port: number
}

/** What `TUMEN_REDIS_URL` names: one server, a Sentinel that knows the master, or a Cluster. */
export type RedisTarget =
  | { kind: 'server'; options: RedisOptions }
  | { kind: 'sentinel'; sentinels: RedisNode[]; options: RedisOptions }
  | { kind: 'cluster'; nodes: RedisNode[]; options: RedisOptions }

const sentinelPort = 26_379
const serverPort = 6379

/** The name that the documentation of Sentinel gives to a group of servers. */
const defaultMaster = 'mymaster'

/** More hosts than this in a URL are a mistake. */
const maxHosts = 32

/**
 * Parses `TUMEN_REDIS_URL`:
 * - `unix:/path`, `redis://[user:password@]host[:port][/db]`, `rediss://…`
 * - `redis-sentinel://[user:password@]host[:port],host[:port]…[/name[/db]]`
 * - `redis-cluster://[user:password@]host[:port],host[:port]…`
 *
 * After `?` may follow `password_file`, `sentinel_password_file`, `tls=yes` and `ca_file`.
 * @throws QueueError `URL_INVALID`; the message never repeats the url, because it may contain a
 *   password. SecretFileError or `URL_INVALID` if a file cannot be used.
 */
export function parseRedisTarget(url: string): RedisTarget {
  const [, kind, rest = ''] = /^redis-(sentinel|cluster):\/\/(.*)$/s.exec(url) ?? []
  if (kind === undefined) return { kind: 'server', options: parseRedisUrl(url) }
  const isSentinel = kind === 'sentinel'
  const [, login, hosts = '', path = '', query = '', fragment = ''] =
    /^(?:([^@/?#]*)@)?([^@/?#]+)((?:\/[^?#]*)?)(?:\?([^#]*))?(?:#(.*))?$/s.exec(rest) ?? []
  const nodes = parseHosts(hosts, isSentinel ? sentinelPort : serverPort)
  const extras = parseExtras(new URLSearchParams(query))
  const common = { ...parseLogin(login), ...extras.server }
  if (!isSentinel) {
    if (path !== '' && path !== '/')
      throw invalidUrl('a Cluster has no database number: leave out what follows the hosts')
    return { kind: 'cluster', nodes, options: common }
  }
  const { name, db } = parseMaster(path, extras.name ?? fragment)
  return {
    kind: 'sentinel',
    sentinels: nodes,
    options: { ...common, ...extras.sentinel, name, ...(db === 0 ? {} : { db }) },
  }
}

/**
 * Parses `unix:/path`, `redis://[user:password@]host[:port][/db]` or `rediss://…`.
 * @throws QueueError `URL_INVALID`; SecretFileError.
 */
export function parseRedisUrl(url: string): RedisOptions {
  if (url.startsWith('unix:')) return parseUnixUrl(url)
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (
    parsed === null ||
    !['redis:', 'rediss:'].includes(parsed.protocol) ||
    parsed.hostname === ''
  ) {
    throw invalidUrl('write it as unix:/path/to/redis.sock or redis://host:port')
  }
  return {
    host: decodeHost(parsed.hostname),
    port: parsed.port === '' ? serverPort : Number(parsed.port),
    db: parseDatabase(parsed.pathname),
    ...(parsed.username === '' ? {} : { username: decode(parsed.username) }),
    ...(parsed.password === '' ? {} : { password: decode(parsed.password) }),
    ...(parsed.protocol === 'rediss:' ? { tls: {} } : {}),
    ...parseExtras(parsed.searchParams).server,
  }
}

function parseUnixUrl(url: string): RedisOptions {
  const path = url.slice('unix:'.length).replace(/^\/\/(?=\/)/, '')
  // `sun_path` of unix(7) has 108 bytes, including the terminating zero.
  if (!path.startsWith('/') && !path.startsWith('.'))
    throw invalidUrl('the path after unix: must begin with / or .')
  if (Buffer.byteLength(path) > 107)
    throw invalidUrl('the socket path is over 107 bytes; choose a shorter TUMEN_DATA_DIR')
  return { path }
}

function parseHosts(text: string, defaultPort: number): RedisNode[] {
  const hosts = text.split(',')
  if (hosts.length > maxHosts) throw invalidUrl(`name at most ${maxHosts} hosts`)
  return hosts.map((one) => {
    const [, bracketed, plain, port = String(defaultPort)] =
      /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253}))(?::(\d{1,5}))?$/.exec(one) ?? []
    const host = bracketed ?? plain
    if (host === undefined || Number(port) < 1 || Number(port) > 65_535)
      throw invalidUrl('write the hosts as host:port,host:port')
    return { host, port: Number(port) }
  })
}

function parseLogin(login: string | undefined): { username?: string; password?: string } {
  if (login === undefined || login === '') return {}
  const [, name = '', password] = /^([^:]*)(?::(.*))?$/s.exec(login) ?? []
  return {
    ...(name === '' ? {} : { username: decode(name) }),
    ...(password === undefined ? {} : { password: decode(password) }),
  }
}

/** `/name`, `/name/db`, `/db` or nothing; the name may also come after `#` or as `?name=`. */
function parseMaster(path: string, named: string): { name: string; db: number } {
  const parts = path.split('/').filter((part) => part !== '')
  const hasName = parts[0] !== undefined && !(named !== '' || /^\d{1,4}$/.test(parts[0]))
  const [db = '0', ...more] = hasName ? parts.slice(1) : parts
  const name = decode(hasName ? (parts[0] ?? '') : named) || defaultMaster
  if (more.length > 0 || !/^\d{1,4}$/.test(db) || !/^[\w.-]{1,100}$/.test(name))
    throw invalidUrl('after the sentinels only /name and /number may follow')
  return { name, db: Number(db) }
}

interface Extras {
  server: RedisOptions
  sentinel: RedisOptions
  name: string | null
}

const known = ['password_file', 'sentinel_password_file', 'tls', 'ca_file', 'name']

function parseExtras(query: URLSearchParams): Extras {
  for (const key of query.keys())
    if (!known.includes(key)) throw invalidUrl(`after ? only ${known.join(', ')} may follow`)
  const secretOf = (key: string): string | null => {
    const path = query.get(key)
    return path === null ? null : readSecretFile(`TUMEN_REDIS_URL (${key})`, path)
  }
  const password = secretOf('password_file')
  const sentinelPassword = secretOf('sentinel_password_file')
  const tls = parseTls(query)
  return {
    server: { ...(password !== null && { password }), ...(tls !== null && { tls }) },
    sentinel: {
      ...(sentinelPassword !== null && { sentinelPassword }),
      ...(tls !== null && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
    },
    name: query.get('name'),
  }
}

function parseTls(query: URLSearchParams): { ca?: string } | null {
  const [isOn, path] = [query.get('tls'), query.get('ca_file')]
  if (isOn !== null && isOn !== 'yes' && isOn !== 'no') throw invalidUrl('tls must be yes or no')
  if (path === null) return isOn === 'yes' ? {} : null
  try {
    return { ca: readFileSync(path, 'utf8') }
  } catch (cause) {
    throw invalidUrl('the file that ca_file names cannot be read', cause)
  }
}

function parseDatabase(pathname: string): number {
  if (pathname === '' || pathname === '/') return 0
  if (!/^\/\d{1,4}$/.test(pathname))
    throw invalidUrl('after the host only a database number may follow, such as /0')
  return Number(pathname.slice(1))
}

/** Removes the brackets: `[::1]` in a url is the host `::1`. */
function decodeHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw invalidUrl('user and password must be percent-encoded', cause)
  }
}

function invalidUrl(wayOut: string, cause?: unknown): QueueError {
  return new QueueError('URL_INVALID', `TUMEN_REDIS_URL is not a Redis address: ${wayOut}`, cause)
}
