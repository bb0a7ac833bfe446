import { randomBytes } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { link, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from './make-folder.ts'
import { syncDirectory } from './dir-sync.ts'

/** Key files are for their owner only. */
export const secretFileMode = 0o600
export const secretDirMode = 0o700

export async function makeSecretDir(path: string): Promise<void> {
  await makeFolder(path, secretDirMode)
}

/**
 * Reads at most `maxBytes + 1` bytes: with the extra byte the caller can see that the file is too
 * long. Null if the file does not exist.
 */
export async function readBounded(path: string, maxBytes: number): Promise<Uint8Array | null> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  if (file === null) return null
  return await readAtMost(file, maxBytes).catch((error: NodeJS.ErrnoException) => {
    // Reading a folder fails without its name.
    throw error.syscall === undefined ? error : Object.assign(error, { path: error.path ?? path })
  })
}

/** Like `readBounded`, for an open file, which is closed afterwards. */
export async function readAtMost(file: FileHandle, maxBytes: number): Promise<Uint8Array> {
  try {
    // Room for what the file has now: a bound may be megabytes, for a file of a few bytes.
    const { size } = await file.stat()
    let bytes = new Uint8Array(Math.min(size, maxBytes) + 1)
    let length = 0
    while (length <= maxBytes) {
      if (length === bytes.length) bytes = enlarge(bytes, maxBytes + 1)
      const { bytesRead } = await file.read(bytes, length, bytes.length - length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return bytes.subarray(0, length)
  } finally {
    await file.close()
  }
}

function enlarge(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length)
  larger.set(bytes)
  return larger
}

/**
 * Writes a file so that after a crash it is either complete and durable or does not exist. @throws
 * the system's `EEXIST` if the file exists.
 */
export async function writeNewFile(
  path: string,
  content: Uint8Array | string,
  mode = secretFileMode,
): Promise<void> {
  await writeThen(path, content, mode, (temporary) => link(temporary, path))
}

/** Replaces a file so that after a crash it is either the complete new one or the old one. */
export async function replaceFile(
  path: string,
  content: Uint8Array | string,
  mode = secretFileMode,
): Promise<void> {
  await writeThen(path, content, mode, (temporary) => rename(temporary, path))
}

async function writeThen(
  path: string,
  content: Uint8Array | string,
  mode: number,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = join(
    dirname(path),
    `.${basename(path).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`,
  )
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await publish(temporary)
  } finally {
    await rm(temporary, { force: true })
  }
  await syncDirectory(dirname(path))
}
