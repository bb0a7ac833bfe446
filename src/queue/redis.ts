import { join } from 'node:path'
import { Redis, type RedisOptions } from 'ioredis'
import { QueueError } from './errors.ts'

/** ioredis waits up to 20 s between attempts by itself; this is back within 2 s. */
const maxReconnectDelayMs = 2000

/** A frozen Redis accepts connections and never answers; a late reply may still have landed. */
const producerCommandTimeoutMs = 1500

const connectTimeoutMs = 5000

/** The socket of the `redis-server` that is started when no other one is named. */
export function privateRedisUrl(dataDir: string): string {
  return `unix:${join(dataDir, 'redis.sock')}`
}

/** For whoever must never wait for Redis: every command fails at once or within 1.5 s. */
export function connectProducer(url: string): Redis {
  return connect(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: producerCommandTimeoutMs,
  })
}

/**
 * As `connectProducer`, for who wants to see that Redis is read-only and not to look for another
 * one.
 */
export function connectObserver(url: string): Redis {
  return connect(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: producerCommandTimeoutMs,
    reconnectOnError: () => false,
  })
}

/** For a BullMQ worker, which must wait for Redis as long as it takes. */
export function connectWorker(url: string): Redis {
  return connect(url, { maxRetriesPerRequest: null })
}

function connect(url: string, options: RedisOptions): Redis {
  const merged: RedisOptions = {
    ...parseRedisUrl(url),
    connectTimeout: connectTimeoutMs,
    disableClientInfo: true,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), maxReconnectDelayMs),
    // After a failover the old master answers READONLY: only a new connection helps.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...options,
  }
  const redis = new Redis({ ...merged, replyMapping: 'legacy' })
  // Without a listener ioredis prints every failed attempt. Heartbeats tell that Redis is gone.
  redis.on('error', () => {})
  return redis
}

/**
 * `unix:/path`, `redis://[user:password@]host[:port][/db]` or `rediss://…`.
 * @throws QueueError `URL_INVALID`; the message never repeats the url, it may hold a password.
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
    port: parsed.port === '' ? 6379 : Number(parsed.port),
    db: parseDatabase(parsed.pathname),
    ...(parsed.username === '' ? {} : { username: decode(parsed.username) }),
    ...(parsed.password === '' ? {} : { password: decode(parsed.password) }),
    ...(parsed.protocol === 'rediss:' ? { tls: {} } : {}),
  }
}

function parseUnixUrl(url: string): RedisOptions {
  const path = url.slice('unix:'.length).replace(/^\/\/(?=\/)/, '')
  // sun_path of unix(7) holds 108 bytes with the closing zero.
  if (!path.startsWith('/') && !path.startsWith('.'))
    throw invalidUrl('the path after unix: must begin with / or .')
  if (Buffer.byteLength(path) > 107)
    throw invalidUrl('the socket path is over 107 bytes; choose a shorter TUMEN_DATA_DIR')
  return { path }
}

function parseDatabase(pathname: string): number {
  if (pathname === '' || pathname === '/') return 0
  if (!/^\/\d{1,4}$/.test(pathname))
    throw invalidUrl('after the host only a database number may follow, such as /0')
  return Number(pathname.slice(1))
}

/** `[::1]` in a url is `::1` to connect to. */
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
