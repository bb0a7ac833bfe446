import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { formatJsonDocument } from '../../keyring/json-document.ts'
import type { TipFileSink, TipSink } from '../../open/open-envelope.ts'
import type { OpenedRecord } from '../files/opened-record.ts'
import { openDigestedFile } from './digested-file.ts'
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
      for (const abandon of sinks) await abandon()
      await rm(partial, { recursive: true, force: true })
    },
  }
}

async function createSink(
  path: string,
  sinks: Set<() => Promise<void>>,
  startDigest: StartDigest,
): Promise<Required<TipFileSink>> {
  const file = await openDigestedFile(path, 'wx+', startDigest)
  sinks.add(file.abandon)
  return {
    write: file.write,
    digest: file.digest,
    async end() {
      await file.finish()
      sinks.delete(file.abandon)
    },
    async discard() {
      await file.abandon()
      sinks.delete(file.abandon)
      await rm(path)
    },
  }
}
