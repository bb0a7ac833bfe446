import type { Redis } from 'ioredis'
import { holderOf } from './redis.ts'
import { parseRedisInfo } from './redis-info.ts'
import { parseRedisTarget, type RedisNode, type RedisTarget } from './redis-url.ts'
import { openSentinelClient } from './sentinel-client.ts'

/** Whether another server can take over when the master ends. */
export interface Failover {
  kind: 'sentinel' | 'cluster'
  /** Replicas that are connected to the master. */
  replicas: number
  /** Sentinels that answer, and those that TUMEN_REDIS_URL names; null for a Cluster. */
  sentinels: { answering: number; named: number } | null
  isReady: boolean
}

const patienceMs = 1500

/** Null for one Redis without others. Rejects when no master answers. */
export async function readFailover(url: string, redis: Redis): Promise<Failover | null> {
  const target = parseRedisTarget(url)
  if (target.kind === 'server') return null
  const holder = await holderOf(redis)
  const info = parseRedisInfo(await holder.info())
  const replicas = Number(info.get('connected_slaves') ?? 0)
  if (target.kind === 'cluster') {
    const state = parseRedisInfo(String(await holder.call('CLUSTER', 'INFO'))).get('cluster_state')
    return { kind: 'cluster', replicas, sentinels: null, isReady: replicas > 0 && state === 'ok' }
  }
  const answers = await Promise.all(target.sentinels.map((node) => askSentinel(target, node)))
  const answering = answers.filter((answer) => answer !== null).length
  const named = answers.length
  return {
    kind: 'sentinel',
    replicas,
    sentinels: { answering, named },
    // One that answers counts its peers itself: the URL need not name all of them.
    isReady: replicas > 0 && answers.some((hasQuorum) => hasQuorum === true),
  }
}

/** Whether this sentinel sees enough others to choose a new master; null if it does not answer. */
async function askSentinel(
  { options }: RedisTarget & { kind: 'sentinel' },
  node: RedisNode,
): Promise<boolean | null> {
  const sentinel = openSentinelClient(options, node, {
    lazyConnect: true,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  try {
    await sentinel.connect()
    await sentinel.call('SENTINEL', 'CKQUORUM', options.name ?? '')
    return true
  } catch (error) {
    return error instanceof Error && error.message.startsWith('NOQUORUM') ? false : null
  } finally {
    sentinel.disconnect()
  }
}
