/**
 * Pins the base image of the Dockerfile to the digest that the registry has for its tag today:
 *   node scripts/pin-base-image.mjs [--check] [--from URL]
 * With --check it changes nothing, and ends with 1 if the Dockerfile names another digest or none.
 * The digest is computed from the manifest that was received, so a registry cannot name one and
 * deliver another.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root, runScript, SetupError } from './setup.mjs'

const line = /^ARG BASE=([a-z]+):([a-z0-9.-]+)(?:@(sha256:[0-9a-f]{64}))?$/m
const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]
const maxManifestBytes = 1024 * 1024

await runScript(async () => {
  const { values } = parseArgs({
    options: { check: { type: 'boolean' }, from: { type: 'string' } },
  })
  const path = join(root, 'Dockerfile')
  const dockerfile = readFileSync(path, 'utf8')
  const [found, image, tag, pinned] = line.exec(dockerfile) ?? []
  if (found === undefined || image === undefined || tag === undefined)
    throw new SetupError('the Dockerfile has no line ARG BASE=image:tag')
  const digest = await askDigest(values.from ?? 'https://registry-1.docker.io', image, tag)
  if (digest === pinned) {
    process.stderr.write(`${image}:${tag} is pinned to ${digest}\n`)
    return 0
  }
  if (values.check === true)
    throw new SetupError(
      `${image}:${tag} is ${digest}; the Dockerfile has ${pinned ?? 'no digest'}: run it without --check`,
    )
  writeFileSync(path, dockerfile.replace(line, `ARG BASE=${image}:${tag}@${digest}`))
  process.stderr.write(`${image}:${tag} is now pinned to ${digest}: commit it, and build again\n`)
  return 0
})

/**
 * The digest of the image's index, which names the images of all architectures.
 * @param {string} registry @param {string} image @param {string} tag
 */
async function askDigest(registry, image, tag) {
  const url = `${registry}/v2/library/${image}/manifests/${tag}`
  const accept = { accept: indexTypes.join(', ') }
  let answer = await get(url, accept)
  if (answer.status === 401) answer = await get(url, { ...accept, ...(await authorise(answer)) })
  if (!answer.ok) throw new SetupError(`${url} answers ${answer.status}`)
  const bytes = Buffer.from(await answer.arrayBuffer())
  if (bytes.length > maxManifestBytes) throw new SetupError(`${url} sends more than a manifest`)
  if (!isIndex(bytes)) throw new SetupError(`${url} sends no index of images`)
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  const named = answer.headers.get('docker-content-digest')
  if (named !== null && named !== digest)
    throw new SetupError(`${url} names ${named} and sends ${digest}`)
  return digest
}

/** @param {Buffer} bytes */
function isIndex(bytes) {
  try {
    const { mediaType, manifests } = JSON.parse(bytes.toString('utf8'))
    return indexTypes.includes(mediaType) && Array.isArray(manifests) && manifests.length > 0
  } catch {
    return false
  }
}

/**
 * Asks for the token that a registry demands even for public images.
 * @param {Response} refused
 */
async function authorise(refused) {
  const challenge = refused.headers.get('www-authenticate') ?? ''
  const part = (/** @type {string} */ name) =>
    new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
  const query = new URLSearchParams({ service: part('service'), scope: part('scope') })
  const answer = await get(`${part('realm')}?${query}`, {})
  if (!answer.ok) throw new SetupError(`${part('realm')} gives no token: ${answer.status}`)
  const { token } = /** @type {{ token?: string }} */ (await answer.json())
  return { authorization: `Bearer ${token ?? ''}` }
}

/** @param {string} url @param {Record<string, string>} headers */
async function get(url, headers) {
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(60_000) })
  } catch {
    throw new SetupError(`${url} cannot be reached: run this on a machine with a network`)
  }
}
