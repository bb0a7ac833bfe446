import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type Call, parseStrace } from './parse-strace.ts'

export const diskErrors = ['EIO', 'ENOSPC', 'EDQUOT', 'EROFS'] as const
export type DiskError = (typeof diskErrors)[number]

/** Every system call with which the server changes a disk. */
export const failingCalls = [
  'openat',
  'writev',
  'pwritev',
  'fsync',
  'fdatasync',
  'link',
  'rename',
  'utimensat',
  'mkdir',
  'unlink',
  'ftruncate',
] as const

export interface Injection {
  call: (typeof failingCalls)[number]
  error: DiskError
  /** Which call of each thread fails: 1 is the first. */
  ordinal: number
}

/** Makes one call of a running process fail while `work` runs. */
export async function withFailingCall<T>(
  pid: number,
  { call, error, ordinal }: Injection,
  { output, work }: { output: string; work: () => Promise<T> },
): Promise<{ result: T; calls: Call[]; hasFailed: boolean }> {
  const inject = `inject=${call}:error=${error}:when=${ordinal}`
  const trace = `trace=${failingCalls.join(',')},write,pwrite64,unlinkat,sendto,sendmsg`
  const options = ['-f', '-xx', '-yy', '-s', '1000000', '-e', 'signal=none', '-e', trace]
  const strace = spawn('strace', [...options, '-e', inject, '-o', output, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(strace, 'close')
  await once(strace.stderr, 'data')
  let result: T
  try {
    result = await work()
  } finally {
    strace.kill('SIGINT')
    await ended
  }
  const text = readFileSync(output, 'latin1')
  return { result, calls: parseStrace(text), hasFailed: text.includes('(INJECTED)') }
}
