import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, open, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder } from '../../disk/make-folder.ts'
import { tipLayoutOf } from '../files/layout.ts'
import { withCasebookLock } from '../custody/lock.ts'
import { publishLogged } from '../custody/publish-logged.ts'
import type { Actor } from '../custody/record.ts'
import { readTipFolder } from '../view/read-tip-folder.ts'

const program = 'dangerzone-cli'
/**
 * File types that Dangerzone converts to pixels, from its README. Video and audio are not among
 * them.
 */
const convertible =
  /\.(?:pdf|docx?|docm|xlsx?|pptx?|odt|odg|odp|ods|hwpx?|epub|jpe?g|gif|png|svg|bmp|tiff?|pnm|pbm|ppm)$/i
const maxErrorChars = 200

export interface Conversion {
  receipt: string
  /** Path of the attachment, relative to the tip's folder. */
  path: string
  /**
   * Path of the copy, relative to the casebook; null when the attachment could not be converted.
   */
  copy: string | null
  why: string | null
}

/** Whether Dangerzone is installed and starts. */
export async function hasDangerzone(): Promise<boolean> {
  return (await run(['--version'])) === null
}

/**
 * Makes a working copy of each attachment that Dangerzone can convert and that has no copy yet. The
 * copies consist of pixels only, are stored in `working/RECEIPT/`, and have their digests in the
 * custody log. The attachment itself is only read, by Dangerzone in its sandbox.
 */
export async function convertAttachments(
  actor: Actor,
  receipts: readonly string[],
  onDone: (path: string) => void,
): Promise<Conversion[]> {
  const conversions: Conversion[] = []
  for (const receipt of receipts) {
    const { opened } = await readTipFolder(actor.casebook, receipt)
    for (const { path } of opened.attachments.filter((each) => convertible.test(each.path))) {
      const copy = join('working', receipt, `${path.slice('attachments/'.length)}.pdf`)
      if (
        await access(join(actor.casebook, copy)).then(
          () => true,
          () => false,
        )
      )
        continue
      conversions.push(await convertOne(actor, { receipt, path, copy }))
      onDone(path)
    }
  }
  return conversions
}

async function convertOne(
  actor: Actor,
  { receipt, path, copy }: { receipt: string; path: string; copy: string },
): Promise<Conversion> {
  const target = join(actor.casebook, copy)
  // Dangerzone recognises file types by extension, so the temporary file has the same one.
  const partial = join(dirname(target), '.partial.pdf')
  await makeFolder(dirname(target), 0o700)
  try {
    const why = await run([
      '--output-filename',
      partial,
      '--',
      join(tipLayoutOf(actor.casebook, receipt).folder, path),
    ])
    const bytes = why === null ? await readFile(partial).catch(() => null) : null
    if (bytes === null) return { receipt, path, copy: null, why: why ?? 'it made no file' }
    await makeDurable(partial)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const entry = {
      action: 'attachment_converted',
      item: copy,
      sha256,
      reason: `of tips/${receipt}/${path}, by ${program}`,
    } as const
    // A copy that only the log knows is made again; one that the log does not know would stay.
    await withCasebookLock(actor.casebook, () =>
      publishLogged(actor, [{ temporary: partial, target, entry }]),
    )
    return { receipt, path, copy, why: null }
  } finally {
    await rm(partial, { force: true })
  }
}

/** Dangerzone does not wait for the disk. */
async function makeDurable(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Runs Dangerzone without a shell. Every path is absolute and follows `--`, so that no name is read
 * as an option. The working directory is `/`, so that a "." in PATH never finds a program on a
 * stick.
 * @returns the reason for a failure, or null.
 */
function run(args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', shell: false, cwd: '/' })
    child.once('error', (error) => resolve(error.message.slice(0, maxErrorChars)))
    child.once('close', (status, signal) =>
      resolve(status === 0 ? null : `it ended with ${signal ?? `status ${status}`}`),
    )
  })
}
