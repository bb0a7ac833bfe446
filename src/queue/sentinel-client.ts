import { Redis, type RedisOptions, type SentinelConnectionOptions } from 'ioredis'

/** A connection to one sentinel, with the names, passwords and TLS of the target's options. */
export function openSentinelClient(
  target: SentinelConnectionOptions,
  { host, port }: { host?: string | undefined; port?: number | undefined },
  options: RedisOptions,
): Redis {
  const { sentinelUsername, sentinelPassword, sentinelTLS } = target
  const sentinel = new Redis({
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(sentinelUsername != null && { username: sentinelUsername }),
    ...(sentinelPassword != null && { password: sentinelPassword }),
    ...(target.enableTLSForSentinelMode === true && { tls: sentinelTLS ?? {} }),
    disableClientInfo: true,
    enableReadyCheck: false,
    ...options,
    replyMapping: 'legacy',
  })
  // Without a listener ioredis prints the address of each sentinel that does not answer.
  sentinel.on('error', () => {})
  return sentinel
}
