import { createHash } from 'node:crypto'
import { join } from 'node:path'

import { maxKeyFileBytes, maxKeyringBytes } from '../../keyring/bounds.ts'
import type { Day } from '../../time/day.ts'
import { KeyringError, MinisignError } from '../../keyring/errors.ts'
import { readBounded } from '../../disk/small-files.ts'
import { parseKeyring } from '../../keyring/keyring.ts'
import { keyringFileName, loadSignedKeyring } from '../../keyring/load.ts'
import { formatPublicKeyLine, parsePublicKey } from '../../keyring/minisign.ts'
import type { CeremonyFolders } from './folders.ts'
import { readSticks } from './folders.ts'
import type { CeremonyPage } from './page.ts'
import { isDone } from './state.ts'
import type { CeremonyState } from './state.ts'

/**
 * Reads the current state of a ceremony for its page.
 * @throws CeremonyError, KeyringError or MinisignError for an invalid file.
 */
export async function readPage(
  folders: CeremonyFolders,
  day: Day,
  state: CeremonyState,
): Promise<CeremonyPage> {
  const keyring = await readBounded(join(folders.server, keyringFileName), maxKeyringBytes)
  const root = await readBounded(join(folders.safe, 'root.pub'), maxKeyFileBytes)
  return {
    day,
    keyring:
      keyring === null
        ? null
        : {
            keyring: parseKeyring(keyring),
            fingerprint: createHash('sha256').update(keyring).digest('hex'),
            isSigned: await isSigned(folders.server),
          },
    rootKey:
      root === null ? null : formatPublicKeyLine(parsePublicKey(new TextDecoder().decode(root))),
    state,
    sticks: isDone(state, 'publish') ? await readSticks(folders) : [],
  }
}

async function isSigned(dir: string): Promise<boolean> {
  try {
    await loadSignedKeyring(dir)
    return true
  } catch (error) {
    if (error instanceof KeyringError || error instanceof MinisignError) return false
    throw error
  }
}
