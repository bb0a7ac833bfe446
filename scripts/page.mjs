import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { runNode } from './run-node.mjs'
import { root, SetupError } from './setup.mjs'

/** Where the intake takes the page from. */
const built = join(root, 'dist', 'page')

/** All that the page is made from. */
const sources = [
  'src/page',
  'src/age',
  'src/tip',
  'src/seal',
  'src/keyring',
  'vite.config.ts',
  'package-lock.json',
]

/** Builds the source's page, unless what is there was made from the same sources. */
export async function ensurePage() {
  const digest = digestOf(sources)
  const stamp = join(built, 'stamp')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  process.stderr.write("set-up: building the source's page\n")
  const fresh = join(root, 'dist', `.page-${process.pid}`)
  try {
    await build(fresh)
    writeFileSync(join(fresh, 'stamp'), digest)
    // In one step: whoever starts meanwhile finds the old page or the new one.
    rmSync(built, { recursive: true, force: true })
    renameSync(fresh, built)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** @param {string} outDir */
async function build(outDir) {
  mkdirSync(outDir, { recursive: true })
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  for (const mode of [[], ['--mode', 'offline']]) {
    const status = await runNode([vite, 'build', '--outDir', outDir, '--logLevel', 'warn', ...mode])
    if (status !== 0) throw new SetupError('the page was not built: see the errors above')
  }
}

/** @param {string[]} paths */
function digestOf(paths) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap(filesOf).sort())
    hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** @param {string} path @returns {string[]} */
function filesOf(path) {
  if (path.includes('.')) return [path]
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
}
