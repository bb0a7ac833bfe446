/**
 * Loaded into a worker: after SIGUSR2, the loop that takes jobs from the queue waits for ever, and
 * everything else in the process continues.
 */
import { Worker } from 'bullmq'

process.on('SIGUSR2', () => {
  Worker.prototype._getNextJob = () => new Promise(() => {})
})
