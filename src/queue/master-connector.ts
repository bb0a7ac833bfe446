import { type SentinelConnectionOptions, SentinelConnector } from 'ioredis'
import { openSentinelClient } from './sentinel-client.ts'

type Connect = SentinelConnector['connect']

/** On this channel a sentinel publishes `name old-host old-port new-host new-port`. */
const switchChannel = '+switch-master'

/**
 * Connects to the master that the sentinels name, and gives the connection up when they name
 * another one: a frozen master keeps its connections open.
 *
 * Instead of `failoverDetector` of ioredis 6.0.0, which listens on while the next master is looked
 * for: an announcement at that moment ends the search for good, and the process stays without Redis
 * (redis/ioredis#2198). TLS makes that moment longer.
 */
export class MasterConnector extends SentinelConnector {
  /** @param options typed as ioredis asks for it; these are its options for Sentinel. */
  constructor(options: unknown) {
    super(options as SentinelConnectionOptions)
  }

  override async connect(...args: Parameters<Connect>): ReturnType<Connect> {
    const stream = await super.connect(...args)
    const stop = this.#watch(() => stream.destroy())
    stream.once('close', stop)
    return stream
  }

  /** @returns a function that ends the watch. */
  #watch(onSwitch: () => void): () => void {
    const { name, sentinels = [], connectTimeout, sentinelRetryStrategy } = this.options
    const clients = sentinels.map((node) =>
      openSentinelClient(this.options, node, {
        ...(connectTimeout !== undefined && { connectTimeout }),
        ...(sentinelRetryStrategy !== undefined && { retryStrategy: sentinelRetryStrategy }),
        maxRetriesPerRequest: null,
      }),
    )
    for (const client of clients) {
      client.on('message', (_channel: string, message: string) => {
        if (message.startsWith(`${name} `)) onSwitch()
      })
      client.subscribe(switchChannel).catch(() => {})
    }
    return () => {
      for (const client of clients) client.disconnect()
    }
  }
}
