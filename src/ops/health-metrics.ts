import type { Health, Several } from './health.ts'
import { keyringStates } from './keyring-state.ts'
import { type Sample, by, one } from './sample.ts'

const canaryStates = ['ok', 'late', 'failed', 'off'] as const

/** Metrics of the current state. None of them changes when a tip arrives. */
export function healthSamples(health: Health): Sample[] {
  const { redis, processes, draining, canary, onion } = health
  return [
    one(
      'tumen_ready',
      'Whether everything needed to take in and store tips works.',
      health.isReady,
    ),
    {
      name: 'tumen_problem',
      help: 'Problems that exist now. What each code means stands in docs/operations.md.',
      rows: health.problems.map(({ code, severity }) => ({ labels: { code, severity }, value: 1 })),
    },
    one('tumen_redis_up', 'Whether Redis answers.', health.isRedisUp),
    one('tumen_redis_writable', 'Whether Redis takes writes.', redis && redis.isWritable),
    one(
      'tumen_redis_append_log_enabled',
      'Whether Redis keeps an append-only file.',
      redis && redis.hasAppendLog,
    ),
    one(
      'tumen_redis_append_log_written',
      'Whether the last write of the append-only file succeeded.',
      redis && redis.isAppendLogWritten,
    ),
    one(
      'tumen_redis_eviction_off',
      'Whether the policy is noeviction.',
      redis && redis.isEvictionOff,
    ),
    {
      name: 'tumen_redis_info',
      help: 'The role of the Redis that ops speaks to.',
      rows: redis === null ? [] : [{ labels: { role: redis.role }, value: 1 }],
    },
    by('role', 'tumen_processes', 'Processes that are up and not draining.', {
      intake: processes && processes.intake,
      worker: processes && processes.worker,
    }),
    by('role', 'tumen_processes_draining', 'Processes that are ending in order.', {
      intake: draining && draining.intake,
      worker: draining && draining.worker,
    }),
    one(
      'tumen_keyring_left_seconds',
      'Whole days, in seconds, after today on which the keyring is still valid.',
      health.keyringDaysLeft === null ? null : health.keyringDaysLeft * 86_400,
    ),
    by(
      'state',
      'tumen_keyring_state',
      'The state of the keyring: 1 for the one it is in.',
      Object.fromEntries(keyringStates.map((state) => [state, state === health.keyringState])),
    ),
    by(
      'state',
      'tumen_canary_state',
      'The state of the canary: 1 for the one it is in.',
      canary === null
        ? {}
        : Object.fromEntries(canaryStates.map((state) => [state, state === canary.state])),
    ),
    one(
      'tumen_canary_undelivered',
      'Canaries that were sent and did not arrive.',
      canary && canary.undelivered,
    ),
    {
      name: 'tumen_canary_latency_info',
      help: 'How long the last canary took, as a band.',
      rows:
        canary === null || canary.latencyBand === null
          ? []
          : [{ labels: { band: canary.latencyBand }, value: 1 }],
    },
    one(
      'tumen_onion_reachable',
      'Whether ops reached the onion through Tor; absent while nobody can tell.',
      onion === null || onion.state === 'unknown' ? null : onion.state === 'reachable',
    ),
    {
      ...one(
        'tumen_tor_restarts_total',
        'How often ops had tor started anew because the onion was not reachable, since ops started.',
        onion && onion.restarts,
      ),
      isCounter: true,
    },
    ...severalSamples(health.several),
  ]
}

/** Metrics that exist only where several machines share a store. */
function severalSamples(several: Several | null): Sample[] {
  if (several === null) return []
  const { store, machines, failover } = several
  return [
    one('tumen_bucket_up', 'Whether the S3 store answers.', store.isUp),
    one('tumen_bucket_full', 'Whether the S3 store takes in no more.', store.isFull),
    one('tumen_suspect_objects', 'Objects that were found with wrong bytes.', store.suspects),
    one('tumen_processes_missing', 'Processes that went and did not return.', machines.missing),
    {
      name: 'tumen_chores_since_seconds',
      help: 'The worker that does the work that is done once for all machines, and since which step.',
      rows: machines.chiefs.map(({ instance, since }) => ({
        labels: { worker: instance },
        value: since.getTime() / 1000,
      })),
    },
    {
      name: 'tumen_ledger_chain_info',
      help: 'Where the ledger of each worker ended on its last whole day.',
      rows: machines.chains.map(({ instance, day, head }) => ({
        labels: { worker: instance, day, head },
        value: 1,
      })),
    },
    one('tumen_redis_replicas', 'Replicas of the master.', failover && failover.replicas),
    one(
      'tumen_redis_sentinels_up',
      'Sentinels of TUMEN_REDIS_URL that answer.',
      failover?.sentinels?.answering ?? null,
    ),
    one(
      'tumen_redis_failover_ready',
      'Whether another Redis can take over.',
      failover && failover.isReady,
    ),
  ]
}
