import { Cluster, type Redis, type RedisOptions } from 'ioredis'
import { ClosableCluster, ClosableRedis } from './closable-redis.ts'
import { QueueError } from './errors.ts'
import { MasterConnector } from './master-connector.ts'
import { parseRedisTarget, type RedisNode, type RedisTarget } from './redis-url.ts'

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

/** A sentinel that does not answer for this long is passed over. */
const sentinelTimeoutMs = 1000

/**
 * A connection to one of several servers is given up after this long without a byte, because
 * another server may be the master by then. A worker that waits for jobs gets an answer every 10 s.
 */
const silentMs = 20_000

/**
 * The interval at which the servers of a Cluster are asked which slots they hold, and the time-out
 * of each request.
 */
const clusterRefreshMs = 2000

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
  const target = parseRedisTarget(url)
  const { reconnectOnError = reconnectIfReadOnly, ...others } = options
  const merged: RedisOptions = {
    ...target.options,
    connectTimeout: connectTimeoutMs,
    disableClientInfo: true,
    retryStrategy: retryMs,
    reconnectOnError,
    ...others,
  }
  const redis = open(target, merged)
  // Without a listener ioredis prints every failed attempt. That Redis is gone is visible from the
  // heartbeats.
  redis.on('error', () => {})
  return redis
}

function open(target: RedisTarget, options: RedisOptions): Redis {
  if (target.kind === 'cluster') return openCluster(target.nodes, options)
  if (target.kind === 'server') return new ClosableRedis({ ...options, replyMapping: 'legacy' })
  return new ClosableRedis({
    ...options,
    Connector: MasterConnector,
    sentinels: target.sentinels,
    sentinelRetryStrategy: retryMs,
    sentinelCommandTimeout: sentinelTimeoutMs,
    socketTimeout: silentMs,
    replyMapping: 'legacy',
  })
}

/**
 * A Cluster takes the same commands as one server, as long as all keys of a command share a slot;
 * ours all do (`QUEUE_PREFIX`). For commands without a key see `holderOf`.
 */
function openCluster(
  nodes: RedisNode[],
  { enableOfflineQueue = true, retryStrategy: _once, ...options }: RedisOptions,
): Redis {
  const cluster = new ClosableCluster(nodes, {
    enableOfflineQueue,
    clusterRetryStrategy: retryMs,
    slotsRefreshTimeout: clusterRefreshMs,
    slotsRefreshInterval: clusterRefreshMs,
    redisOptions: { ...options, socketTimeout: silentMs },
  })
  return cluster as unknown as Redis
}

/**
 * The server that holds our keys, for commands that name no key: a Cluster would send them to any
 * of its servers. Rejects when it is unknown.
 */
export async function holderOf(redis: Redis): Promise<Redis> {
  const cluster: unknown = redis
  if (!(cluster instanceof Cluster)) return redis
  for (const node of cluster.nodes('master')) {
    try {
      await node.exists(anyKey)
      return node
    } catch {
      // `MOVED`: another server holds the slot.
    }
  }
  throw new QueueError('UNREACHABLE', 'no server of the Redis Cluster holds the queue')
}

/** Any key with the braces of `QUEUE_PREFIX`. */
const anyKey = '{tumen}:probe:holder'

function reconnectIfReadOnly(error: Error): boolean {
  // After a failover the old master answers READONLY, and only a new connection reaches the new
  // one.
  return error.message.startsWith('READONLY')
}

function retryMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), maxReconnectDelayMs)
}
