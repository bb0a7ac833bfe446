import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { link, lstat, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Writable } from 'node:stream'

import { writePieces } from '../../age/write-file.ts'
import { syncDirectory } from '../../disk/dir-sync.ts'
import type { CliContext } from './context.ts'
import { resolvePath } from './context.ts'
import { failure, usageError } from './errors.ts'

/** The destination of a command's result. It ends with either `commit` or `discard`. */
export interface Output {
  write: (chunk: Uint8Array) => Promise<void>
  /** The open file, where it can be written at any position; null for pipes and devices. */
  readonly seekableFd: number | null
  /** Puts the complete file in its place and makes it durable. */
  commit(): Promise<void>
  /** Removes everything that was written. Safe to call twice, and after `commit`. */
  discard(): Promise<void>
}

type OutputContext = Pick<CliContext, 'stdout' | 'cwd' | 'isTerminal' | 'onInterrupt'>

/**
 * Opens the file of `--output`. Without a path, or with `-`, the result goes to stdout.
 * @throws CliError `USAGE` for binary output to a terminal, `FAILED` if the file exists and must
 * not be replaced.
 */
export async function openOutput(
  context: OutputContext,
  options: {
    path?: string | undefined
    isBinary: boolean
    mayReplace?: boolean
  },
): Promise<Output> {
  if (options.path === undefined || options.path === '-')
    return openStdout(context, options.isBinary)
  const path = resolvePath(context, options.path)
  const existing = await lstat(path).catch(() => null)
  // Renaming onto a pipe or a device (/dev/null) would replace it.
  if (existing !== null && !existing.isFile() && !existing.isSymbolicLink()) {
    if (existing.isDirectory()) throw failure(`${options.path} is a folder: name a file in it`)
    return await openSpecialFile(path)
  }
  const mayReplace = options.mayReplace ?? false
  if (existing !== null && !mayReplace) throw alreadyThere(options.path)
  return await openTemporary(context, path, mayReplace)
}

/** Runs `fill` and commits the output. After a failure nothing is left behind. */
export async function withOutput<T>(
  output: Output,
  fill: (output: Output) => Promise<T>,
): Promise<T> {
  try {
    const result = await fill(output)
    await output.commit()
    return result
  } finally {
    await output.discard()
  }
}

async function openTemporary(
  context: OutputContext,
  path: string,
  mayReplace: boolean,
): Promise<Output> {
  const temporary = join(
    dirname(path),
    `.${basename(path).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`,
  )
  const file = await open(temporary, 'wx+', 0o600)
  const forget = context.onInterrupt(() => rmSync(temporary, { force: true }))
  let isOpen = true
  const close = async () => {
    if (isOpen) await file.close()
    isOpen = false
  }
  return {
    write: (chunk) => writePieces(file, chunk),
    seekableFd: file.fd,
    async commit() {
      await file.sync()
      await close()
      await publish(temporary, path, mayReplace)
      await syncDirectory(dirname(path))
    },
    async discard() {
      await close()
      await rm(temporary, { force: true })
      forget()
    },
  }
}

async function publish(temporary: string, path: string, mayReplace: boolean): Promise<void> {
  if (mayReplace) return await rename(temporary, path)
  // Unlike a rename, a link never replaces a file that appeared meanwhile.
  await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? alreadyThere(path) : error
  })
}

async function openSpecialFile(path: string): Promise<Output> {
  const file = await open(path, 'w')
  let isOpen = true
  const close = async () => {
    if (isOpen) await file.close()
    isOpen = false
  }
  return {
    write: async (chunk) => await file.writeFile(chunk),
    seekableFd: null,
    commit: close,
    discard: close,
  }
}

function openStdout(context: OutputContext, isBinary: boolean): Output {
  if (isBinary && context.isTerminal.stdout) {
    throw usageError(
      'the result is binary and stdout is a terminal: name a file with --output, or pipe it',
    )
  }
  const nothing = async () => {}
  return {
    write: (chunk) => writeTo(context.stdout, chunk),
    seekableFd: null,
    commit: nothing,
    discard: nothing,
  }
}

/** Waits until the stream has accepted the chunk, so that a slow reader slows the writer down. */
function writeTo(stream: Writable, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) =>
      error ? reject(failure('stdout was closed before everything was written', error)) : resolve(),
    )
  })
}

function alreadyThere(path: string) {
  return failure(`${path} exists and is not replaced: choose another name`)
}
