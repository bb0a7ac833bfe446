import { Redis } from 'ioredis'

/**
 * A client that can be closed between two attempts to connect. ioredis 6.0.0 then forgets its timer
 * and never ends, and whoever waits for the end waits for ever: a worker of BullMQ that is closed
 * just after a fail-over (taskforcesh/bullmq#4656).
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
