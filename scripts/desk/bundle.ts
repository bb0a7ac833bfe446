import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { SigningKey } from '../../src/keyring/minisign.ts'
import { signMinisign } from '../../src/keyring/minisign.ts'
import { version } from '../../src/cli/frame/context.ts'
import type { BundledFile } from './bundled-file.ts'
import { renderDocs } from './docs.ts'
import { buildProgram } from './program.ts'
import { root } from './root.ts'

/**
 * Starts the desk. Uses neither `dirname` nor `readlink`, because it must run with an empty PATH.
 */
const launcher = `#!/bin/sh
case "$0" in */*) here="\${0%/*}" ;; *) here=. ;; esac
exec "$here/bin/node" "$here/lib/tumen.mjs" "$@"
`

const readme = `Tumen desk ${version}

For a machine that has no network and never gets one. Nothing is installed: this folder is all of it.

    sha256sum -c SHA256SUMS                           is it whole?
    minisign -Vm SHA256SUMS -p KEY.pub                is it from whom you think? (KEY.pub comes another way)
    ./tumen --help                                    what it can do

Begin with docs/analysts.html.
`

/**
 * Makes the archive that turns a bare machine into a desk. Two runs over the same sources give the
 * same bytes.
 * @returns the archive's path, its SHA-256 in hex, and its length.
 */
export async function bundleDesk(options: {
  outDir: string
  signingKey: SigningKey | null
}): Promise<{ archive: string; sha256: string; bytes: number }> {
  const name = `tumen-desk-${version}-linux-${process.arch}`
  const staging = mkdtempSync(join(tmpdir(), 'tumen-desk-'))
  try {
    for (const file of await filesOf(options.signingKey)) writeInto(join(staging, name), file)
    const packed = gzipSync(pack(staging, name), { level: 6 })
    mkdirSync(options.outDir, { recursive: true })
    const archive = join(options.outDir, `${name}.tar.gz`)
    writeFileSync(`${archive}.partial`, packed)
    renameSync(`${archive}.partial`, archive)
    return { archive, sha256: digestOf(packed), bytes: packed.length }
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

async function filesOf(signingKey: SigningKey | null): Promise<BundledFile[]> {
  const program = await buildProgram()
  const nodeFolder = join(root, 'node_modules', `node-linux-${process.arch}`)
  const files: BundledFile[] = [
    { path: 'tumen', content: launcher, isProgram: true },
    { path: 'README.txt', content: readme },
    { path: 'bin/node', content: readFileSync(join(nodeFolder, 'bin', 'node')), isProgram: true },
    { path: 'bin/node.LICENSE', content: readFileSync(join(nodeFolder, 'LICENSE')) },
    ...program.files,
    { path: 'lib/LICENSES.txt', content: program.licences },
    ...renderDocs(),
  ]
  const sums = files
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, content }) => `${digestOf(content)}  ${path}\n`)
    .join('')
  files.push({ path: 'SHA256SUMS', content: sums })
  if (signingKey === null) return files
  const signature = signMinisign({
    secretKey: signingKey,
    message: new TextEncoder().encode(sums),
    trustedComment: `tumen desk ${version}`,
  })
  return [...files, { path: 'SHA256SUMS.minisig', content: signature }]
}

function writeInto(folder: string, { path, content, isProgram }: BundledFile): void {
  const target = join(folder, path)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, content, { mode: isProgram === true ? 0o755 : 0o644 })
}

/**
 * Packs a folder into an archive. The same files give the same bytes, regardless of user and time.
 */
function pack(folder: string, name: string): Uint8Array {
  const { status, stdout, stderr } = spawnSync(
    'tar',
    [
      '--create',
      '--format=ustar',
      '--sort=name',
      '--mtime=@0',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '--mode=u+rwX,go=rX',
      '--directory',
      folder,
      name,
    ],
    { maxBuffer: 2 ** 30, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } },
  )
  if (status !== 0) throw new Error(`tar failed: ${stderr.toString()}`)
  return stdout
}

function digestOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}
