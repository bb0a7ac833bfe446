import { join } from 'node:path'
import { makeFolder } from '../disk/make-folder.ts'
import { readBounded } from '../disk/small-files.ts'
import { maxKeyFileBytes } from '../keyring/bounds.ts'
import type { LoadedKeyring } from '../keyring/load.ts'
import { loadOrganisation } from '../keyring/load-organisation.ts'
import { parseSecretKey } from '../keyring/minisign.ts'
import { makeFirstIndex } from '../reply-store/first-index.ts'
import { repliesFolder } from '../reply-store/layout.ts'
import { placeIndex } from '../reply-store/place-files.ts'
import { storedFiles } from '../reply-store/reply-source.ts'
import { readStoredIndexes } from '../reply-store/stored-indexes.ts'
import { tipEdition } from '../tip/schema-id.ts'

/**
 * Signs the first index with the demo's desk key, unless there is one already. In a real ceremony
 * the desk signs it, because its key is never on the server.
 */
export async function ensureDemoIndex(
  loaded: LoadedKeyring,
  { keysDir, dataDir, day }: { keysDir: string; dataDir: string; day: string },
): Promise<void> {
  const folder = join(dataDir, repliesFolder)
  const { keyring, fingerprint } = loaded
  const text = await readBounded(join(dataDir, 'demo', 'desk.key'), maxKeyFileBytes)
  if (!keyring.demo || text === null) return
  if ((await readStoredIndexes(storedFiles(folder), keyring, day)).length > 0) return
  const key = parseSecretKey(new TextDecoder().decode(text))
  const index = makeFirstIndex({
    keyring,
    keyringSha256: fingerprint,
    organisationSha256: (await loadOrganisation(keysDir))?.sha256 ?? null,
    reads: tipEdition,
    key,
    day,
  })
  key.secret.wipe()
  if (index === null) return
  await makeFolder(folder, 0o700)
  const midnight = new Date(`${day}T00:00:00Z`)
  await placeIndex({ folder, name: index.name, day: midnight }, index)
}
