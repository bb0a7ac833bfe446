/**
 * Loaded before a program, says on its stderr how much memory it took at most, in KiB.
 * Not from getrusage, which counts what the parent had before exec.
 */
import { readFileSync } from 'node:fs'

process.on('exit', () => {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  process.stderr.write(`\npeak-memory-kib ${kib}\n`)
})
