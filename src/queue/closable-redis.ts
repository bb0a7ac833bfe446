import { Cluster, type ClusterNode, type ClusterOptions, Redis } from 'ioredis'

/**
 * A client that can be closed between two attempts to connect. A client of ioredis 6.0.0 that is
 * closed then forgets its timer and never emits `end`. A worker of BullMQ that is closed just after
 * a fail-over waits for that event for ever (taskforcesh/bullmq#4656).
 */
export class ClosableRedis extends Redis {
  override disconnect(reconnect = false): void {
    // In this state, which has no socket either, ioredis does end.
    if (!reconnect && this.status === 'reconnecting') this.status = 'wait'
    super.disconnect(reconnect)
  }

  /** BullMQ makes its own connections in this way. */
  override duplicate(...[override]: Parameters<Redis['duplicate']>): Redis {
    return new ClosableRedis({ ...this.options, ...override, replyMapping: 'legacy' })
  }
}

/** The same for a Cluster. */
export class ClosableCluster extends Cluster {
  readonly #nodes: ClusterNode[]

  constructor(nodes: ClusterNode[], options: ClusterOptions) {
    super(nodes, { ...options, redisOptions: { ...options.redisOptions, replyMapping: 'legacy' } })
    this.#nodes = nodes
  }

  override disconnect(reconnect = false): void {
    if (!reconnect && this.status === 'reconnecting') this.status = 'wait'
    super.disconnect(reconnect)
  }

  override duplicate(nodes: ClusterNode[] = [], override: ClusterOptions = {}): Cluster {
    const redisOptions = { ...this.options.redisOptions, ...override.redisOptions }
    const options = { ...this.options, ...override, redisOptions }
    return new ClosableCluster(nodes.length > 0 ? nodes : this.#nodes, options)
  }
}
