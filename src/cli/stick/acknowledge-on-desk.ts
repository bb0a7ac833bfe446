import { join } from 'node:path'
import {
  acknowledgementFileName,
  formatAcknowledgement,
  signAcknowledgement,
} from '../../carry/acknowledgement.ts'
import { readExport } from '../../carry/read-export.ts'
import { checkChain } from '../../desk/custody/check-chain.ts'
import { tipLayoutOf } from '../../desk/files/layout.ts'
import { exists } from '../../desk/opening/import-envelope.ts'
import { replaceFile } from '../../disk/small-files.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import { signersOn } from '../../keyring/keyring.ts'
import { loadSignedKeyring } from '../../keyring/load.ts'
import type { SigningKey } from '../../keyring/minisign.ts'
import { formatPublicKeyLine } from '../../keyring/minisign.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { today } from '../frame/keyring-folder.ts'

/**
 * Acknowledges on the desk. Only envelopes that are in the casebook are acknowledged, because the
 * server may delete whatever is.
 */
export async function writeAcknowledgement(
  context: CliContext,
  work: { folder: string; dir: string; casebook: string; key: SigningKey; isJson: boolean },
): Promise<number> {
  const { folder, dir, casebook, key, isJson } = work
  const { keyring } = await loadSignedKeyring(dir)
  checkSigner(context, keyring, key)
  const { receipts } = await readExport(folder, keyring, today(context))
  const held = await Promise.all(
    receipts.map((receipt) => exists(tipLayoutOf(casebook, receipt).folder)),
  )
  const opened = receipts.filter((_receipt, index) => held[index])
  const missing = receipts.filter((_receipt, index) => !held[index])
  const { head } = await checkChain(casebook)
  const acknowledgement = { day: today(context), receipts: opened, custodyHead: head?.sha256 }
  const bytes = formatAcknowledgement(acknowledgement)
  const path = join(folder, acknowledgementFileName)
  await replaceFile(path, bytes)
  await replaceFile(`${path}.minisig`, signAcknowledgement(bytes, key, acknowledgement))
  if (isJson) printJson(context, { acknowledged: opened, not_acknowledged: missing })
  else
    printLine(
      context,
      `acknowledged ${opened.length} of ${receipts.length} envelopes in ${path}: carry the stick back`,
    )
  for (const receipt of missing)
    printNote(context, `not acknowledged, as it is not in the casebook: ${receipt}`)
  return missing.length === 0 ? 0 : 1
}

/**
 * Refuses an unknown signer at the desk. Otherwise the server would reject the acknowledgement days
 * later, far away from the desk.
 */
function checkSigner(context: CliContext, keyring: Keyring, key: SigningKey): void {
  const line = formatPublicKeyLine(key.publicKey)
  const isKnown = signersOn(keyring, 'acknowledgement', today(context)).some(
    (entry) => entry.public_key === line,
  )
  if (!isKnown)
    throw failure(
      "this key is no acknowledgement signer of the keyring today (--key): name the desk's own, or add its card in a ceremony",
    )
}
