import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { readPieces, wholeFile } from '../../age/read-file.ts'
import type { FileRange } from '../../age/stream.ts'
import type { Cleaned } from '../../cleaning/clean.ts'
import { cleanFile } from '../../cleaning/clean.ts'
import { describeKind, kindBytes } from '../../cleaning/describe-kind.ts'
import type { FileToAttach } from '../../seal/seal-tip.ts'
import { askYes } from '../frame/ask-yes.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath } from '../frame/context.ts'
import { failure, unreadable, usageError } from '../frame/errors.ts'
import { mediaTypeOf } from './media-type.ts'

/** The choice that the page gives next to each picture. */
export const cleanOptions = {
  clean: {
    type: 'boolean',
    about: 'remove hidden place, time and device from pictures (this is the default)',
  },
  'no-clean': { type: 'boolean', about: 'attach pictures exactly as they are' },
} as const

export type OpenFile = FileToAttach & {
  handle: FileHandle
  /** Where the content is in the open file; null if a cleaned copy is attached in its place. */
  range: FileRange | null
  /** What became of hidden data, to be printed once the tip is sealed; null if there was none. */
  note: string | null
  /** A picture that was to be cleaned, but is damaged or has parts that are not known. */
  isUncleanedPicture: boolean
}

/** Opens a file that is to be attached, and cleans it if it is a picture. */
export async function openAttachment(
  context: CliContext,
  path: string,
  choice: { clean?: boolean | undefined; 'no-clean'?: boolean | undefined },
): Promise<OpenFile> {
  if (choice.clean === true && choice['no-clean'] === true)
    throw usageError('--clean and --no-clean do not go together')
  const place = resolvePath(context, path)
  // Checked before it is opened: opening a named pipe would wait for a writer.
  const stats = await stat(place).catch(unreadable(path))
  if (!stats.isFile()) throw failure(`${path} is not a plain file: attach files, not folders`)
  if (stats.size === 0)
    throw failure(
      `${path} is empty: if it is in a cloud, save it on this device first, or leave it out`,
    )
  const handle = await open(place, 'r').catch(unreadable(path))
  const name = basename(path)
  const file = { handle, name, mediaType: mediaTypeOf(name) }
  if (choice['no-clean'] === true)
    return {
      ...file,
      ...plainContent(handle, stats.size),
      metadata: 'kept',
      note: null,
      isUncleanedPicture: false,
    }
  const blob = await openAsBlob(place)
  const { outcome, content, remark } = await cleanFile(blob)
  const isPicture = describeKind(await firstBytes(blob)) !== 'other'
  const isUncleanedPicture = isPicture && outcome === 'cannot_be_removed'
  const note = noteOf(path, { outcome, remark, isPicture })
  const all = { ...file, metadata: outcome, note, isUncleanedPicture }
  return outcome === 'removed'
    ? { ...all, ...blobContent(content) }
    : { ...all, ...plainContent(handle, stats.size) }
}

/**
 * Asks once about pictures that could not be cleaned, naming each.
 * @throws CliError if the person does not want to attach them as they are, or nobody can be asked
 */
export async function askAboutUncleaned(
  context: CliContext,
  files: readonly OpenFile[],
): Promise<void> {
  const names = files.filter((file) => file.isUncleanedPicture).map(({ name }) => name)
  if (names.length === 0) return
  const named = names.join(', ')
  const problem = `place and time could not be removed from ${named}`
  const otherwise = `leave out ${named}, or attach another copy`
  // Without a terminal, or after the narrative was typed up to Ctrl-D, nobody can be asked.
  if (!context.isTerminal.stdin || context.stdin.readableEnded)
    throw failure(
      `nothing was sealed: hidden ${problem}; ${otherwise}. --no-clean attaches all pictures as they are`,
    )
  if (!(await askYes(context, `Hidden ${problem}. Attach as it is?`)))
    throw failure(`nothing was sealed: ${otherwise}`)
}

/**
 * Runs `seal`, which reads each file twice: for its digest, and to seal it.
 * @throws CliError if a file changed meanwhile, because its digest may not match what was sealed
 */
export async function whileUnchanged<Result>(
  files: readonly Pick<OpenFile, 'handle' | 'name'>[],
  seal: () => Promise<Result>,
): Promise<Result> {
  const before = await Promise.all(files.map(stateOf))
  try {
    return await seal()
  } finally {
    // Also checked after sealing has failed: a file that became shorter cannot be read to its end.
    const after = await Promise.all(files.map(stateOf))
    refuseChanged(files.find((_file, index) => before[index] !== after[index]))
  }
}

function refuseChanged(file: Pick<OpenFile, 'name'> | undefined): void {
  if (file !== undefined) throw failure(`${file.name} changed while it was sealed: try again`)
}

/** Size and times as one text. */
async function stateOf({ handle }: Pick<OpenFile, 'handle'>): Promise<string> {
  const { size, mtimeNs, ctimeNs } = await handle.stat({ bigint: true })
  return `${size} ${mtimeNs} ${ctimeNs}`
}

function plainContent(handle: FileHandle, bytes: number) {
  return {
    bytes,
    range: { fd: handle.fd, position: 0, length: bytes },
    sha256: () => digest(readPieces(handle)),
    content: () => wholeFile(handle, bytes),
  }
}

function blobContent(blob: Blob) {
  return {
    range: null,
    bytes: blob.size,
    sha256: () => digest(blob.stream()),
    content: () => blob.stream(),
  }
}

async function firstBytes(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.slice(0, kindBytes).arrayBuffer())
}

function noteOf(
  path: string,
  {
    outcome,
    remark,
    isPicture,
  }: Pick<Cleaned, 'outcome'> & {
    remark: Cleaned['remark'] | undefined
    isPicture: boolean
  },
): string | null {
  const asItIs = 'it is attached as it is'
  if (outcome === 'cannot_be_removed')
    return isPicture
      ? `${path}: hidden place and time could not be removed, because the picture ${remark === 'damaged' ? 'is damaged' : 'has parts that are not known'}; ${asItIs}`
      : `${path}: only pictures can be cleaned; ${asItIs}, with any place and time in it`
  const removed = outcome === 'removed' ? 'hidden place, time and device are removed' : null
  const profile =
    remark === 'print_profile'
      ? 'its colours for printing stay, and may tell where it was printed'
      : null
  const said = [removed, profile].filter((part) => part !== null)
  return said.length === 0 ? null : `${path}: ${said.join('; ')}`
}

async function digest(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of content) hash.update(bytes)
  return hash.digest('hex')
}
