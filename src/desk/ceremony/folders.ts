import { createHash } from 'node:crypto'
import { type Dirent, existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { makeSecretDir, readBounded, replaceFile } from '../../disk/small-files.ts'
import { maxIdentityFileBytes } from '../../keyring/identity-file.ts'
import { keyringFileName, rootFileName, signatureFileName } from '../../keyring/load.ts'
import { organisationFileName, organisationSignatureName } from '../../keyring/load-organisation.ts'
import { repliesFolder } from '../../reply-store/layout.ts'
import { CeremonyError } from './errors.ts'

/**
 * The folder of a ceremony, with one subfolder for each destination, and one for the cards, which
 * are public.
 */
export interface CeremonyFolders {
  readonly root: string
  /** The keyring is made here; this becomes the server's folder `keys/`. */
  readonly server: string
  readonly desk: string
  readonly safe: string
  readonly cards: string
  /**
   * Texts to print, one for each keeper, and to delete afterwards: no stick may hold all of them.
   */
  readonly shares: string
}

export function foldersOf(root: string): CeremonyFolders {
  return {
    root,
    server: join(root, 'for-server'),
    desk: join(root, 'for-desk'),
    safe: join(root, 'for-safe'),
    cards: join(root, 'cards'),
    shares: join(root, 'shares-to-print'),
  }
}

export async function makeFolders(folders: CeremonyFolders): Promise<void> {
  for (const dir of [
    folders.root,
    folders.server,
    folders.desk,
    join(folders.server, repliesFolder),
    join(folders.desk, 'keys', repliesFolder),
    folders.safe,
    folders.cards,
    folders.shares,
  ])
    await makeSecretDir(dir)
}

/** Removes half-written files of a run that was killed. */
export async function removeLeftovers(folders: CeremonyFolders): Promise<void> {
  for (const entry of await readEntries(folders)) {
    if (entry.isFile() && leftover.test(entry.name))
      await rm(join(entry.parentPath, entry.name), { force: true })
  }
}

/** Whether the ceremony's folder holds nothing but folders and half-written files. */
export async function isUnused(folders: CeremonyFolders): Promise<boolean> {
  return (await readEntries(folders)).every(
    (entry) => entry.isDirectory() || leftover.test(entry.name),
  )
}

async function readEntries({ root }: CeremonyFolders): Promise<Dirent[]> {
  return await readdir(root, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    },
  )
}

/** A stick to be written: its files, and instructions for the people. */
export interface Stick {
  readonly label: string
  readonly folder: string
  readonly whatToDo: string
  /** Paths relative to the folder, sorted, each with its SHA-256. */
  readonly files: ReadonlyArray<{ readonly path: string; readonly sha256: string }>
}

/** Matches the temporary names that `replaceFile` and `writeNewFile` use. */
const leftover = /^\..+\.[0-9a-f]{12}\.tmp$/
const sumsName = 'SHA256SUMS'
const publicNames = [keyringFileName, signatureFileName, rootFileName]
/** An organisation may describe itself later. */
const optionalNames = [organisationFileName, organisationSignatureName]

/**
 * Fills the three folders and writes SHA256SUMS in each, so that `sha256sum -c` checks the copy on
 * a stick. It may be called repeatedly.
 */
export async function packSticks(folders: CeremonyFolders): Promise<Stick[]> {
  for (const name of publicNames)
    await copyFile(join(folders.server, name), join(folders.desk, 'keys', name))
  for (const name of optionalNames)
    if (existsSync(join(folders.server, name)))
      await copyFile(join(folders.server, name), join(folders.desk, 'keys', name))
  for (const name of await readdir(join(folders.server, repliesFolder)))
    await copyFile(
      join(folders.server, repliesFolder, name),
      join(folders.desk, 'keys', repliesFolder, name),
    )
  for (const name of await readdir(folders.desk)) {
    // The copy is for the case that the desk breaks; its passphrase protects it.
    if (name.endsWith('.identity.age'))
      await copyFile(join(folders.desk, name), join(folders.safe, name))
  }
  const sticks = await readSticks(folders)
  for (const { folder, files } of sticks)
    await replaceFile(
      join(folder, sumsName),
      files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join(''),
    )
  return sticks
}

/** The sticks and their files, read from the folders. */
export async function readSticks(folders: CeremonyFolders): Promise<Stick[]> {
  const sticks: Stick[] = []
  for (const stick of stickPlan(folders))
    sticks.push({ ...stick, files: await readSums(stick.folder) })
  return sticks
}

function stickPlan(folders: CeremonyFolders) {
  return [
    {
      label: 'SERVER',
      folder: folders.server,
      whatToDo: 'Public. Goes to the server: its files become the folder keys/.',
    },
    {
      label: 'DESK',
      folder: folders.desk,
      whatToDo: 'Secret. Goes to the desk and nowhere else; never into a machine with a network.',
    },
    {
      label: 'SAFE',
      folder: folders.safe,
      whatToDo: 'Secret. Goes into a safe, apart from the passphrases and from the shares.',
    },
  ]
}

async function readSums(folder: string): Promise<Stick['files']> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name !== sumsName && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
  const files: Array<{ path: string; sha256: string }> = []
  for (const path of names)
    files.push({
      path,
      sha256: createHash('sha256')
        .update(await readWhole(join(folder, path)))
        .digest('hex'),
    })
  return files
}

async function copyFile(from: string, to: string): Promise<void> {
  await replaceFile(to, await readWhole(from))
}

async function readWhole(path: string): Promise<Uint8Array> {
  const maxBytes = 1024 * 1024 + maxIdentityFileBytes
  const bytes = await readBounded(path, maxBytes)
  if (bytes === null || bytes.length > maxBytes)
    throw new CeremonyError(
      'STATE_LOST',
      `${path} is ${bytes === null ? 'missing' : 'too long'}: it was there when its step was done`,
    )
  return bytes
}
