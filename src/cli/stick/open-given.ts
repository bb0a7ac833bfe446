import { createHash } from 'node:crypto'
import { lstat, open } from 'node:fs/promises'
import { readPieces } from '../../age/read-file.ts'
import type { ReadExport } from '../../carry/read-export.ts'
import { readExport } from '../../carry/read-export.ts'
import type { EnvelopeOnStick } from '../../desk/opening/import-envelope.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath } from '../frame/context.ts'
import { unreadable } from '../frame/errors.ts'
import { today } from '../frame/keyring-folder.ts'

/** What `tumen open` was given: exports, which are folders, and single sealed files. */
export interface Given {
  exports: ReadExport[]
  files: EnvelopeOnStick[]
}

/** @throws CarryError as `readExport`; CliError for a file that cannot be read. */
export async function readGiven(
  context: CliContext,
  paths: readonly string[],
  keyring: Keyring,
): Promise<Given> {
  const given: Given = { exports: [], files: [] }
  for (const path of paths) {
    const place = resolvePath(context, path)
    const isFile = await lstat(place).then(
      (stats) => stats.isFile(),
      () => false,
    )
    if (isFile) given.files.push(await readSingleFile(place, path))
    else given.exports.push(await readExport(place, keyring, today(context)))
  }
  return given
}

/**
 * A sealed file that nobody signed, such as one that was attached to a tip. Its digest is its
 * receipt, as for every envelope.
 */
async function readSingleFile(place: string, path: string): Promise<EnvelopeOnStick> {
  const handle = await open(place, 'r').catch(unreadable(path))
  try {
    const hash = createHash('sha256')
    for await (const bytes of readPieces(handle)) hash.update(bytes)
    return {
      path: place,
      receipt: hash.digest('hex'),
      export: { signer: '', comment: 'a single file, not part of an export' },
    }
  } finally {
    await handle.close()
  }
}
