import { readFileSync } from 'node:fs'
import { startUploadSite } from './harness.ts'

/**
 * Runs an upload site in a process of its own, so that its memory use can be measured. The only
 * argument is the folder.
 */

const peakMebibytes = (): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) / 1024

const site = await startUploadSite({ dir: process.argv[2] ?? '', maxBytes: 2 ** 31 })
const before = peakMebibytes()
process.on('message', () => process.send?.(peakMebibytes() - before))
process.on('disconnect', () => void site.stop())
process.send?.(site.port)
