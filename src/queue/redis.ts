import { join } from 'node:path'
import { Redis, type RedisOptions } from 'ioredis'
import { QueueError } from './errors.ts'

/**
 * By default ioredis waits up to 20 s between attempts; with this limit it reconnects within 2 s.
 */
const maxReconnectDelayMs = 2000

/**
 * Limit for commands to a frozen Redis, which accepts connections but never answers. A command that
 * timed out may still have been executed.
 */
const producerCommandTimeoutMs = 1500

const connectTimeoutMs = 5000

/** URL of the private `redis-server` that is started if no other Redis is configured. */
export function privateRedisUrl(dataDir: string): string {
  return `unix:${join(dataDir, 'redis.sock')}`
}

/**
 * A connection for callers that must never wait for Redis: every command fails immediately or
 * within 1.5 s.
 */
export function connectProducer(url: string): Redis {
  return connect(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: producerCommandTimeoutMs,
  })
}

/**
 * Like `connectProducer`, but it does not reconnect when Redis is read-only, so that the caller
 * sees this.
 */
export function connectObserver(url: string): Redis {
  return connect(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: producerCommandTimeoutMs,
    reconnectOnError: () => false,
  })
}

/** A connection for a BullMQ worker, which must wait for Redis as long as it takes. */
export function connectWorker(url: string): Redis {
  return connect(url, { maxRetriesPerRequest: null })
}

function connect(url: string, options: RedisOptions): Redis {
  const merged: RedisOptions = {
    ...parseRedisUrl(url),
    connectTimeout: connectTimeoutMs,
    disableClientInfo: true,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), maxReconnectDelayMs),
    // After a failover the old master answers READONLY, and only a new connection reaches the new
    // one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...options,
  }
  const redis = new Redis({ ...merged, replyMapping: 'legacy' })
  // Without a listener ioredis prints every failed attempt. That Redis is gone is visible from the
  // heartbeats.
  redis.on('error', () => {})
  return redis
}

/**
 * Parses `unix:/path`, `redis://[user:password@]host[:port][/db]` or `rediss://…`.
 * @throws QueueError `URL_INVALID`; the message never repeats the url, because it may contain a
 *   password.
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
  // `sun_path` of unix(7) has 108 bytes, including the terminating zero.
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
