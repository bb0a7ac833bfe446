import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BackgroundSync } from '../../age/background-sync.ts'
import { writeAt } from '../../age/write-file.ts'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { formatJsonDocument } from '../../keyring/json-document.ts'
import type { TipFileSink, TipSink } from '../../open/open-envelope.ts'
import type { OpenedRecord } from '../files/opened-record.ts'
import type { StartDigest } from './digests.ts'
import { digestHere } from './digests.ts'

/** A tip's folder while it is being filled. Exactly one of `finish` and `discard` ends it. */
export interface TipFolder extends TipSink {
  /**
   * Writes `opened.json` and moves the folder to its final name. Only now is the tip in the
   * casebook, complete and durable, so that the server may delete its copy.
   */
  finish(record: OpenedRecord): Promise<void>
  discard(): Promise<void>
}

const folderMode = 0o700
const fileMode = 0o600

/**
 * Creates the folder under a temporary name next to `path`, so that a half-opened tip is never
 * visible. Leftovers of an earlier run are deleted.
 */
export async function createTipFolder(
  path: string,
  startDigest: StartDigest = digestHere,
): Promise<TipFolder> {
  const partial = join(dirname(path), `.partial-${basename(path)}`)
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: folderMode })
  const sinks = new Set<() => Promise<void>>()
  const folders = new Set([partial])
  // Folders are created one level at a time: if `removeLeftovers` has deleted the tip's folder,
  // this fails instead of creating it again.
  const makeFolder = async (folder: string): Promise<void> => {
    if (folders.has(folder)) return
    await makeFolder(dirname(folder))
    await mkdir(folder, { mode: folderMode })
    folders.add(folder)
  }
  return {
    async createFile(relativePath) {
      // The path is safe by the rules of TipSink: no "..", not absolute. No link can be followed
      // either, because only this program writes to the folder.
      const target = join(partial, relativePath)
      await makeFolder(dirname(target))
      return await createSink(target, sinks, startDigest)
    },
    async finish(record) {
      const opened = await createSink(join(partial, 'opened.json'), sinks, digestHere)
      await opened.write(formatJsonDocument(record))
      await opened.end()
      await Promise.all([...folders].map((path) => syncDirectory(path)))
      await rename(partial, path)
      await syncDirectory(dirname(path))
    },
    async discard() {
      for (const close of sinks) await close()
      await rm(partial, { recursive: true, force: true })
    },
  }
}

async function createSink(
  path: string,
  sinks: Set<() => Promise<void>>,
  startDigest: StartDigest,
): Promise<Required<TipFileSink>> {
  const file = await open(path, 'wx+', fileMode)
  const digest = startDigest(file.fd)
  const background = new BackgroundSync(() => file.datasync())
  let bytesWritten = 0
  const close = async () => {
    await background.settle().catch(() => undefined)
    sinks.delete(close)
    await file.close()
  }
  sinks.add(close)
  return {
    write(chunk) {
      writeAt(file.fd, chunk, bytesWritten)
      bytesWritten += chunk.length
      digest.update(chunk)
      background.add(chunk.length)
    },
    digest: () => digest.finish(),
    end: async () => {
      await background.settle()
      await file.sync()
      await close()
    },
    discard: async () => {
      await close()
      await rm(path)
    },
  }
}
