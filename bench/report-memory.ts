/**
 * When preloaded into a program, reports its peak memory on stderr, in KiB. Not from getrusage, which
 * includes the parent's memory before exec.
 */
import { readFileSync } from 'node:fs'

process.on('exit', () => {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  process.stderr.write(`\npeak-memory-kib ${kib}\n`)
})
