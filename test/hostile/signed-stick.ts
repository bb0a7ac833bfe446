import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatSums } from '../../src/carry/sums.ts'
import { parseSecretKey, signMinisign } from '../../src/keyring/minisign.ts'
import type { Machine } from '../support/machine.ts'

/** Signs a folder as an export, whatever its content, as a compromised server can. */
export function signStick(
  machine: Machine,
  folder: string,
  receipts: readonly string[],
  sums: Uint8Array = formatSums(receipts),
): void {
  const secretKey = parseSecretKey(readFileSync(machine.at('var', 'export.key'), 'utf8'))
  writeFileSync(join(folder, 'SHA256SUMS'), sums)
  writeFileSync(
    join(folder, 'SHA256SUMS.minisig'),
    signMinisign({
      secretKey,
      message: sums,
      trustedComment: `tumen export of ${receipts.length} envelopes`,
    }),
  )
}
