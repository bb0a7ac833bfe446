/**
 * Compares the Node of the lock file with the one that nodejs.org has signed:
 *   node scripts/verify-node.mjs --keyring FILE [--from URL]
 * FILE holds the release keys of Node (github.com/nodejs/release-keys, `gpg/pubring.kbx`). Without
 * --keyring it only compares the installed Node with scripts/bootstrap/node.sha256.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root, runScript, SetupError } from './setup.mjs'

const name = `node-linux-${process.arch}`

await runScript(async () => {
  const { values } = parseArgs({
    options: { keyring: { type: 'string' }, from: { type: 'string' } },
  })
  const installed = digestOf(readFileSync(join(root, 'node_modules', name, 'bin', 'node')))
  compare(installed, recordedDigest(), 'scripts/bootstrap/node.sha256')
  if (values.keyring === undefined) return 0
  const dir = mkdtempSync(join(tmpdir(), 'verify-node-'))
  try {
    const from = values.from ?? 'https://nodejs.org/dist'
    compare(installed, await signedDigest(dir, resolve(values.keyring), from), `${from}, signed`)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  return 0
})

function recordedDigest() {
  const record = readFileSync(join(root, 'scripts', 'bootstrap', 'node.sha256'), 'utf8')
  const line = record.split('\n').find((entry) => entry.endsWith(`  ${name}/bin/node`))
  if (line === undefined) throw new SetupError(`scripts/bootstrap/node.sha256 has no ${name}`)
  return line.slice(0, 64)
}

/**
 * The digest of `bin/node` in the release whose checksums are signed.
 * @param {string} dir @param {string} keyring @param {string} from
 */
async function signedDigest(dir, keyring, from) {
  if (!existsSync(keyring))
    throw new SetupError(`${keyring} is missing: see scripts/verify-node.mjs`)
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const release = `v${optionalDependencies[name]}`
  const archive = `node-${release}-linux-${process.arch}.tar.gz`
  const [signed, sums] = [join(dir, 'SHASUMS256.txt.asc'), join(dir, 'SHASUMS256.txt')]
  writeFileSync(signed, await fetchBytes(`${from}/${release}/SHASUMS256.txt.asc`))
  run('gpgv', ['--keyring', keyring, '--output', sums, signed])
  const line = readFileSync(sums, 'utf8')
    .split('\n')
    .find((entry) => entry.endsWith(`  ${archive}`))
  const bytes = await fetchBytes(`${from}/${release}/${archive}`)
  compare(digestOf(bytes), line?.slice(0, 64), `SHASUMS256.txt of ${archive}`)
  writeFileSync(join(dir, archive), bytes)
  run('tar', ['-C', dir, '-xzf', join(dir, archive)])
  return digestOf(readFileSync(join(dir, archive.replace('.tar.gz', ''), 'bin', 'node')))
}

/** @param {string} url */
async function fetchBytes(url) {
  const answer = await fetch(url).catch(() => null)
  if (answer?.ok !== true) throw new SetupError(`${url} cannot be fetched`)
  return Buffer.from(await answer.arrayBuffer())
}

/** @param {string} program @param {string[]} args */
function run(program, args) {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' })
  if (status !== 0) throw new SetupError(`${program} failed (${error?.message ?? status})`)
}

/** @param {Buffer} bytes */
function digestOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}

/** @param {string} found @param {string | undefined} expected @param {string} where */
function compare(found, expected, where) {
  if (found !== expected)
    throw new SetupError(
      `${name} DIFFERS from ${where}: do not run it (${found}, expected ${expected})`,
    )
  process.stdout.write(`${name} is the one of ${where}\n`)
}
