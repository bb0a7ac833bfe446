import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { formatSums } from '../../src/carry/sums.ts'
import { parseSecretKey, signMinisign } from '../../src/keyring/minisign.ts'
import { commandDay, runHere } from '../cli/support/run-here.ts'
import { primitives } from '../support/ceremony.ts'
import type { Machine } from '../support/machine.ts'
import { makeMachine } from '../support/machine.ts'
import { sealWhole, sha256 } from '../support/sealed.ts'
import { signStick } from './signed-stick.ts'

let machine: Machine
let receipt = ''
beforeEach(async () => {
  machine = await makeMachine(commandDay)
  mkdirSync(machine.at('stick'))
  const bytes = await sealWhole(primitives, machine.recipients)
  receipt = sha256(bytes)
  writeFileSync(machine.at('stick', `${receipt}.age`), bytes)
})

const digest = 'a'.repeat(64)
const sign = (sums: string | Uint8Array) =>
  signStick(
    machine,
    machine.at('stick'),
    [receipt],
    typeof sums === 'string' ? Buffer.from(sums) : sums,
  )
const open = () =>
  runHere(machine, ['open', 'stick', '-i', machine.identityPath, '--casebook', 'casebook'])

async function expectRefused(why: string): Promise<void> {
  const done = await open()
  expect(done).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(why) })
  expect(done.stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  expect(readdirSync(machine.dir)).not.toContain('casebook')
}

describe('an export of a compromised server', () => {
  it.each([
    ['a path up', `${digest}  ../../${digest}.age\n`],
    ['an absolute path', `${digest}  /tmp/${digest}.age\n`],
    ['a folder', `${digest}  x/${digest}.age\n`],
    ['another name', `${digest}  evil.age\n`],
    ['a name that is an option', `${digest}  -rf\n`],
    ['the digest of another', `${digest}  ${'b'.repeat(64)}.age\n`],
    ['capitals', `${'A'.repeat(64)}  ${'A'.repeat(64)}.age\n`],
    ['MD5', `${'a'.repeat(32)}  ${'a'.repeat(32)}.age\n`],
    ['SHA-512', `${'a'.repeat(128)}  ${'a'.repeat(128)}.age\n`],
    ['one space', `${digest} ${digest}.age\n`],
    ['the star of binary files', `${digest} *${digest}.age\n`],
    ['the backslash of escaped names', `\\${digest}  ${digest}.age\n`],
    ['CR LF', `${digest}  ${digest}.age\r\n`],
    ['no end', `${digest}  ${digest}.age`],
    ['an empty line', `\n${digest}  ${digest}.age\n`],
    ['a comment', `# x\n${digest}  ${digest}.age\n`],
    ['a byte order mark', `\ufeff${digest}  ${digest}.age\n`],
    ['a line twice', `${digest}  ${digest}.age\n`.repeat(2)],
    ['a terminal escape', `\u001b[2J${digest}  ${digest}.age\n`],
    ['NUL', `${digest}  ${digest}.age\0\n`],
  ])('is refused whole when its sums have %s', async (_what, sums) => {
    sign(sums)
    await expectRefused('SHA256SUMS')
  })

  it.each([
    ['its sums are a pipe', 'SHA256SUMS', (path: string) => spawnSync('mkfifo', [path])],
    ['its sums are a folder', 'SHA256SUMS', (path: string) => mkdirSync(path)],
    ['its sums are a link', 'SHA256SUMS', (path: string) => symlinkSync('/dev/zero', path)],
    [
      'its signature is a pipe',
      'SHA256SUMS.minisig',
      (path: string) => spawnSync('mkfifo', [path]),
    ],
    [
      'its signature is a link',
      'SHA256SUMS.minisig',
      (path: string) => symlinkSync(machine.at('keys', 'keyring.json.minisig'), path),
    ],
  ])('is refused whole when %s', async (_when, name, make) => {
    sign(formatSums([receipt]))
    rmSync(machine.at('stick', name))
    make(machine.at('stick', name))
    await expectRefused(`${name}: it is a`)
  })

  it.each([
    ['the desk signed it, for another purpose', 'desk.key', 'no export signer'],
    ['the root key signed it', 'root.key', 'no export signer'],
  ])('is refused whole when %s', async (_when, key, why) => {
    const sums = formatSums([receipt])
    writeFileSync(machine.at('stick', 'SHA256SUMS'), sums)
    const secretKey = parseSecretKey(readFileSync(machine.at('var', 'demo', key), 'utf8'))
    writeFileSync(
      machine.at('stick', 'SHA256SUMS.minisig'),
      signMinisign({ secretKey, message: sums, trustedComment: 'x' }),
    )
    await expectRefused(why)
  })

  it('is refused entirely when its sums exceed the size limit', async () => {
    sign(`${digest}  ${digest}.age\n`.repeat(200_001))
    await expectRefused('the signature is not good')
  })

  it('is opened when it is valid', async () => {
    sign(formatSums([receipt]))
    expect(await open()).toMatchObject({ status: 0 })
  })
})
