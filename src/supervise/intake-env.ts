/** Environment of the intake's process, in addition to the settings. */
export const intakeEnv = {
  /**
   * In MiB. Without these limits Node's heap, above all the young part of it, grows with the
   * machine's memory while the intake is under attack. The bytes of uploads are outside this heap.
   */
  NODE_OPTIONS: '--max-old-space-size=128 --max-semi-space-size=16',
  /**
   * Threads that wait for the disk. Most of them wait in an fsync, and the file system makes
   * everything durable at once that is waiting. With Node's default of 4, only 3 receipts share one
   * write of its journal.
   */
  UV_THREADPOOL_SIZE: '16',
}
