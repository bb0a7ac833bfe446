import { join } from 'node:path'
import { acknowledgementFileName, formatAcknowledgement, signAcknowledgement } from '../carry/acknowledgement.ts'
import { readExport } from '../carry/read-export.ts'
import { exists, tipFolderPath } from '../desk/import-envelope.ts'
import { replaceFile } from '../keyring/files.ts'
import { loadSignedKeyring } from '../keyring/load.ts'
import type { SigningKey } from '../keyring/minisign.ts'
import type { CliContext } from './context.ts'
import { printJson, printLine, printNote } from './context.ts'
import { today } from './keyring-folder.ts'

/** Desk: only what is in the casebook may ever be deleted from the server. */
export async function writeAcknowledgement(
  context: CliContext,
  work: { folder: string; dir: string; casebook: string; key: SigningKey; isJson: boolean },
): Promise<number> {
  const { folder, dir, casebook, key, isJson } = work
  const { keyring } = await loadSignedKeyring(dir)
  const { receipts } = await readExport(folder, keyring, today(context))
  const held = await Promise.all(receipts.map((receipt) => exists(tipFolderPath(casebook, receipt))))
  const opened = receipts.filter((_receipt, index) => held[index])
  const missing = receipts.filter((_receipt, index) => !held[index])
  const acknowledgement = { day: today(context), receipts: opened }
  const bytes = formatAcknowledgement(acknowledgement)
  const path = join(folder, acknowledgementFileName)
  await replaceFile(path, bytes)
  await replaceFile(`${path}.minisig`, signAcknowledgement(bytes, key, acknowledgement))
  if (isJson) printJson(context, { acknowledged: opened, not_acknowledged: missing })
  else printLine(context, `acknowledged ${opened.length} of ${receipts.length} envelopes in ${path}: carry the stick back`)
  for (const receipt of missing) printNote(context, `not acknowledged, as it is not in the casebook: ${receipt}`)
  return missing.length === 0 ? 0 : 1
}
