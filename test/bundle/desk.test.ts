import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleDesk } from '../../scripts/desk/bundle.ts'
import { formatPublicKeyFile, generateSigningKey } from '../../src/keyring/minisign.ts'
import { primitives } from '../support/ceremony.ts'
import type { Machine } from '../support/machine.ts'
import { makeMachine } from '../support/machine.ts'
import { fileOf, plainTip, sealWhole } from '../support/sealed.ts'
import { runHere } from '../cli/support/run-here.ts'

const signingKey = generateSigningKey()
/** Programs of Debian's coreutils. tar is used only for unpacking. */
const coreutils = ['cat', 'ls', 'mkdir', 'sha256sum', 'uname']
const canUnshare = spawnSync('unshare', ['--net', '--mount', 'true']).status === 0
if (!canUnshare)
  console.warn('skipped: the desk without a network, because this user may not unshare it')

let machine: Machine
let archive = ''
let digests: string[] = []

beforeAll(async () => {
  machine = await makeMachine(undefined, mkdtempSync(join(tmpdir(), 'tumen-bundle-')))
  const [first, second] = [
    await bundleDesk({ outDir: machine.at('one'), signingKey }),
    await bundleDesk({ outDir: machine.at('two'), signingKey }),
  ]
  digests = [first.sha256, second.sha256]
  archive = first.archive
  mkdirSync(machine.at('desk'))
  spawnSync('tar', ['-xzf', archive, '-C', machine.at('desk'), '--strip-components=1'])
  mkdirSync(machine.at('bin'))
  for (const name of coreutils) symlinkSync(join('/usr/bin', name), machine.at('bin', name))
}, 900_000)

afterAll(() => rmSync(machine.dir, { recursive: true, force: true }))

/**
 * Runs the unpacked program without a network, with its folder read-only, only coreutils in PATH,
 * and nothing else in the environment.
 */
function tumen(...args: string[]) {
  const script = `mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && cd "$1" && shift && exec env -i "PATH=$1" "$0" "\${@:2}"`
  return spawnSync(
    'unshare',
    [
      '--net',
      '--mount',
      'bash',
      '-c',
      script,
      machine.at('desk', 'tumen'),
      machine.at('desk'),
      machine.dir,
      machine.at('bin'),
      ...args,
    ],
    { encoding: 'utf8' },
  )
}

describe("the desk's archive", () => {
  it('has the same bytes in every build', () => {
    expect(digests[0]).toBe(digests[1])
  })

  it('lists its contents, signed', () => {
    writeFileSync(machine.at('release.pub'), formatPublicKeyFile(signingKey.publicKey))
    const sums = spawnSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], {
      cwd: machine.at('desk'),
      encoding: 'utf8',
    })
    expect(sums).toMatchObject({ status: 0, stdout: '' })
    const minisign = spawnSync('minisign', ['-Vm', 'SHA256SUMS', '-p', machine.at('release.pub')], {
      cwd: machine.at('desk'),
      encoding: 'utf8',
    })
    expect(minisign.status).toBe(0)
    const listed = readFileSync(machine.at('desk', 'SHA256SUMS'), 'utf8')
      .split('\n')
      .map((line) => line.slice(66))
      .filter(Boolean)
    expect(listed).toEqual(
      expect.arrayContaining([
        'bin/node',
        'docs/analysts.html',
        'docs/detention_tip.schema.json',
        'lib/LICENSES.txt',
        'lib/tumen.mjs',
        'tumen',
      ]),
    )
  })

  it('contains documents that load nothing from elsewhere', () => {
    for (const name of ['analysts', 'keys', 'sealed-tip', 'security']) {
      const html = readFileSync(machine.at('desk', 'docs', `${name}.html`), 'utf8')
      expect(html).toContain(`default-src 'none'`)
      expect(html).not.toMatch(/<(script|img|iframe|link)\b|src=|url\(/i)
    }
  })

  describe.runIf(canUnshare)('on a machine without a network, unpacked on a read-only disk', () => {
    it('works without Node, npm or any other installed program', () => {
      expect(tumen('--version')).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringMatching(/^tumen \d/),
      })
      const help = tumen('--help').stdout
      for (const command of ['keys', 'keyring', 'verify', 'open', 'acknowledge'])
        expect(help).toContain(`\n  ${command} `)
      for (const command of ['send', 'export', 'status'])
        expect(help).not.toContain(`\n  ${command} `)
    })

    it('handles a tip from the stick to the acknowledgement', async () => {
      const receipts = [
        await machine.store(await sealWhole(primitives, machine.recipients)),
        await machine.store(
          await sealWhole(primitives, machine.recipients, { ...plainTip, narrative: '둘째' }, [
            fileOf('사진.jpg', Buffer.alloc(3_000_000, 7)),
          ]),
        ),
      ].sort()
      expect(
        (await runHere(machine, ['export', 'stick'], { clock: { now: () => new Date() } })).status,
      ).toBe(0)
      expect(tumen('verify', 'stick', '--dir', 'keys')).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('2 envelopes good'),
      })
      const opened = tumen(
        'open',
        'stick',
        '--dir',
        'keys',
        '--identity',
        machine.identityPath,
        '--casebook',
        'casebook',
        '--json',
      )
      expect(opened).toMatchObject({ status: 0, stderr: '' })
      for (const receipt of receipts) expect(opened.stdout).toContain(receipt)
      expect(
        tumen(
          'acknowledge',
          'stick',
          '--dir',
          'keys',
          '--casebook',
          'casebook',
          '--key',
          machine.deskKeyPath,
        ),
      ).toMatchObject({ status: 0 })
      expect(tumen('keys', 'new', 'kim', '--no-passphrase', '--out', 'new')).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('age1pq1'),
      })
    })

    it('makes, splits and restores keys, and has the page of the ceremony', () => {
      expect(
        tumen(
          'keys',
          'new',
          'root',
          '--purpose',
          'root',
          '--no-passphrase',
          '--qr',
          '--out',
          'made',
        ),
      ).toMatchObject({ status: 0, stdout: expect.stringContaining('█') })
      expect(
        tumen(
          'keys',
          'split',
          'made/root.key',
          '--shares',
          '2',
          '--threshold',
          '2',
          '--out',
          'made',
        ),
      ).toMatchObject({ status: 0, stderr: '' })
      writeFileSync(machine.at('words'), 'orbit velvet canyon drift mango pistol\n')
      const shares = [1, 2].map((number) => `made/root.share-${number}-of-2.txt`)
      expect(
        tumen('keys', 'combine', ...shares, '--passphrase-file', 'words', '--out', 'restored'),
      ).toMatchObject({ status: 0, stderr: '' })
      expect(tumen('keyring', 'ceremony', '--page', '-').stdout).toContain('<h1>Key ceremony</h1>')
    })
  })
})
