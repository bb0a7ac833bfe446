import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileCache } from '../../support/compile-cache.ts'
import { type Call, parseStrace } from './parse-strace.ts'

const changing =
  'open,openat,creat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,link,linkat,rename,renameat,renameat2,' +
  'unlink,unlinkat,rmdir,mkdir,mkdirat,ftruncate,truncate,utimensat,fallocate,sendfile,copy_file_range,sendto,sendmsg'

/** Why no system call can be recorded here; null if they can be. */
export function whyNoTrace(): string | null {
  const { status, error, stderr } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'])
  if (status === 0) return null
  return error === undefined ? `strace: ${stderr.toString().trim()}` : 'strace is not installed'
}

export interface TraceOptions {
  /** The program and its arguments. */
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Record<string, string | undefined>
  /**
   * The file to which strace writes; it must not be inside the folder whose changes are recorded.
   */
  readonly output: string
  /** Further options of strace, such as `-e inject=…`. */
  readonly straceOptions?: readonly string[]
}

/** A process whose system calls are recorded. */
export class Traced {
  readonly #strace: ChildProcess
  readonly #output: string
  readonly #ended: Promise<number | null>
  readonly #ready: Promise<boolean>
  stdout = ''
  stderr = ''

  constructor({ command, cwd, env, output, straceOptions = [] }: TraceOptions) {
    this.#output = output
    const options = [
      '-f',
      '--seccomp-bpf',
      '-xx',
      '-yy',
      '-qq',
      '-s',
      '1000000',
      '-e',
      'signal=none',
    ]
    this.#strace = spawn(
      'strace',
      [...options, '-e', `trace=${changing}`, ...straceOptions, '-o', output, '--', ...command],
      {
        cwd,
        env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCache, ...env },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    )
    this.#strace.stdout?.on('data', (bytes: Buffer) => void (this.stdout += bytes))
    this.#strace.stderr?.on('data', (bytes: Buffer) => void (this.stderr += bytes))
    this.#ended = once(this.#strace, 'close').then(([code]) => code as number | null)
    this.#ready = Promise.race([
      once(this.#strace, 'message').then(() => true),
      this.#ended.then(() => false),
    ])
  }

  /** @throws when the program ended before it reported that it was ready */
  async untilReady(): Promise<void> {
    if (!(await this.#ready)) throw new Error(`the traced program did not start: ${this.stderr}`)
  }

  async ended(): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const status = await this.#ended
    return { status, stdout: this.stdout, stderr: this.stderr }
  }

  /** Sends a signal to the program, not to strace. */
  signal(name: NodeJS.Signals): void {
    for (const pid of childrenOf(this.#strace.pid)) process.kill(pid, name)
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#strace.exitCode === null && this.#strace.signalCode === null) this.signal(signal)
    await this.#ended
  }

  /** The calls recorded so far; all of them once the program has ended. */
  calls(): Call[] {
    return parseStrace(readFileSync(this.#output, 'latin1'))
  }
}

function childrenOf(pid: number | undefined): number[] {
  const text = readFileSync(join('/proc', String(pid), 'task', String(pid), 'children'), 'latin1')
  return text.split(' ').filter(Boolean).map(Number)
}
