import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'

/** As the registry of Docker sends it, shortened. */
const index = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifests: [{ digest: `sha256:${'a'.repeat(64)}`, platform: { architecture: 'amd64' } }],
})
const digest = `sha256:${createHash('sha256').update(index).digest('hex')}`
const manifestPath = '/v2/library/debian/manifests/bookworm-slim'

type Answer = (request: IncomingMessage, response: ServerResponse, origin: string) => void

/** A registry that gives public images only to clients with a token, as Docker's does. */
const registry =
  (body: string, named = digest): Answer =>
  (request, response, origin) => {
    if (request.url?.startsWith('/token?service=registry.test&scope=repository') === true)
      return void response.end('{"token":"a-token"}')
    if (request.url !== manifestPath) return void response.writeHead(404).end()
    if (request.headers.authorization !== 'Bearer a-token') {
      const challenge = `Bearer realm="${origin}/token",service="registry.test",scope="repository:library/debian:pull"`
      return void response.writeHead(401, { 'www-authenticate': challenge }).end()
    }
    expect(request.headers.accept).toContain('application/vnd.oci.image.index.v1+json')
    response.writeHead(200, { 'docker-content-digest': named }).end(body)
  }

async function serve(answer: Answer): Promise<string> {
  const server = createServer((request, response) => answer(request, response, origin))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return origin
}

async function makeCheckout(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tumen-pin-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  await cp('scripts', join(dir, 'scripts'), { recursive: true })
  await cp('Dockerfile', join(dir, 'Dockerfile'))
  return dir
}

async function pin(checkout: string, ...args: string[]) {
  const script = join(checkout, 'scripts', 'pin-base-image.mjs')
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()))
  const [status] = (await once(child, 'close')) as [number]
  return { status, stderr, dockerfile: await readFile(join(checkout, 'Dockerfile'), 'utf8') }
}

describe('pin-base-image', () => {
  it('pins the image to the digest of the day, and replaces an older one', async () => {
    const checkout = await makeCheckout()
    const from = ['--from', await serve(registry(index))]
    expect(await pin(checkout, '--check', ...from)).toMatchObject({ status: 1 })
    const pinned = await pin(checkout, ...from)
    expect(pinned).toMatchObject({ status: 0 })
    expect(pinned.dockerfile).toContain(
      `\nARG BASE=debian:bookworm-slim@${digest}\nFROM \${BASE} AS base\n`,
    )
    expect(await pin(checkout, '--check', ...from)).toMatchObject({ status: 0 })

    const older = pinned.dockerfile.replace(digest, `sha256:${'0'.repeat(64)}`)
    await writeFile(join(checkout, 'Dockerfile'), older)
    expect(await pin(checkout, '--check', ...from)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(digest) as string,
    })
    expect((await pin(checkout, ...from)).dockerfile).toBe(pinned.dockerfile)
  })

  it.each<[string, Answer, string]>([
    ['names another digest than it sends', registry(index, `sha256:${'0'.repeat(64)}`), 'names'],
    ['sends no index', registry('{}'), 'no index'],
    ['sends no JSON', registry('<html>'), 'no index'],
    ['does not know the image', (_, response) => void response.writeHead(404).end(), '404'],
    [
      'gives no token',
      (request, response, origin) => {
        const realm = { 'www-authenticate': `Bearer realm="${origin}/token"` }
        response.writeHead(request.url === manifestPath ? 401 : 500, realm).end()
      },
      'gives no token',
    ],
  ])('changes nothing when the registry %s', async (_, answer, says) => {
    const checkout = await makeCheckout()
    const before = await readFile(join(checkout, 'Dockerfile'), 'utf8')
    const { status, stderr, dockerfile } = await pin(checkout, '--from', await serve(answer))
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining(says) as string,
    })
    expect(dockerfile).toBe(before)
  })

  it('says that a registry cannot be reached', async () => {
    const checkout = await makeCheckout()
    expect(await pin(checkout, '--from', 'http://127.0.0.1:1')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('cannot be reached') as string,
    })
  })
})
