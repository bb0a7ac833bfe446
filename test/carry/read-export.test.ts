import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readExport } from '../../src/carry/read-export.ts'
import { formatSums, maxSumsBytes } from '../../src/carry/sums.ts'
import { retire } from '../../src/keyring/edit.ts'
import type { SigningKey } from '../../src/keyring/minisign.ts'
import { signMinisign } from '../../src/keyring/minisign.ts'
import { day, holdCeremony } from '../support/ceremony.ts'
import { sha256 } from '../support/sealed.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const ceremony = holdCeremony()
const receipt = sha256(Buffer.from('tip'))

async function makeFolder(
  key: SigningKey = ceremony.server,
  sums: Uint8Array = formatSums([receipt]),
): Promise<string> {
  const folder = await makeTempDir()
  writeFileSync(join(folder, 'SHA256SUMS'), sums)
  writeFileSync(
    join(folder, 'SHA256SUMS.minisig'),
    signMinisign({ secretKey: key, message: sums, trustedComment: 'tumen export' }),
  )
  return folder
}

const codeOf = async (folder: string, keyring = ceremony.keyring, today = day) =>
  await readExport(folder, keyring, today).then(
    () => 'read',
    (error: { name: string; code: string }) => `${error.name} ${error.code}`,
  )

describe('readExport', () => {
  it('reads what a server of the keyring has signed', async () => {
    expect(await codeOf(await makeFolder())).toBe('read')
  })

  it.each([
    ['SHA256SUMS', 'CarryError SUMS_MISSING'],
    ['SHA256SUMS.minisig', 'CarryError UNSIGNED'],
  ])('throws when %s is missing', async (name, expected) => {
    const folder = await makeFolder()
    rmSync(join(folder, name))
    expect(await codeOf(folder)).toBe(expected)
  })

  it('throws SUMS_MISSING where there is no folder', async () => {
    expect(await codeOf('/nowhere/at/all')).toBe('CarryError SUMS_MISSING')
  })

  it('throws SIGNER_UNKNOWN for a desk, and for a server that was retired', async () => {
    expect(await codeOf(await makeFolder(ceremony.desk))).toBe('CarryError SIGNER_UNKNOWN')
    const folder = await makeFolder()
    expect(await codeOf(folder, retire(ceremony.keyring, 'server', day))).toBe(
      'CarryError SIGNER_UNKNOWN',
    )
    expect(await codeOf(folder, ceremony.keyring, '2026-11-22')).toBe('CarryError SIGNER_UNKNOWN')
  })

  it('throws SIGNATURE_INVALID when a line was added', async () => {
    const folder = await makeFolder()
    writeFileSync(join(folder, 'SHA256SUMS'), formatSums([receipt, sha256(Buffer.from('other'))]))
    expect(await codeOf(folder)).toBe('CarryError SIGNATURE_INVALID')
  })

  it('throws SUMS_INVALID for lines that a server would not write', async () => {
    expect(await codeOf(await makeFolder(ceremony.server, Buffer.from('x\n')))).toBe(
      'CarryError SUMS_INVALID',
    )
  })

  it('reads no more than the bound of either file', async () => {
    const folder = await makeFolder()
    truncateSync(join(folder, 'SHA256SUMS'), 4 * maxSumsBytes)
    expect(await codeOf(folder)).toBe('CarryError SIGNATURE_INVALID')
    const other = await makeFolder()
    truncateSync(join(other, 'SHA256SUMS.minisig'), 2 ** 32)
    expect(await codeOf(other)).toBe('CarryError SIGNATURE_INVALID')
  })
})
