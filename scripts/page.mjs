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
import { digestOfFile, inputsFile } from './record-inputs.mjs'
import { runNode } from './run-node.mjs'
import { root, SetupError } from './setup.mjs'

/** The intake serves the page from this folder. */
const built = join(root, 'dist', 'page')

/** Records the versions of the bundler and of the packages that it bundles. */
const lockFile = 'package-lock.json'

/** @typedef {import('./record-inputs.mjs').Digests} Digests */
/** @typedef {{ inputs: Digests, outputs: Digests }} Stamp */

/** Builds the source's page, unless the inputs and outputs of the last build are unchanged. */
export async function ensurePage() {
  if (isPageCurrent()) return
  process.stderr.write("set-up: building the source's page\n")
  const fresh = join(root, 'dist', `.page-${process.pid}`)
  try {
    const inputs = await build(fresh)
    writeFileSync(
      join(fresh, 'stamp'),
      JSON.stringify({ inputs, outputs: digestsOf(fresh, filesOf(fresh)) }),
    )
    // Built in another folder and renamed, so that an intake that starts meanwhile finds no
    // half-built page.
    rmSync(built, { recursive: true, force: true })
    renameSync(fresh, built)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/**
 * Builds the page and the offline sealer.
 * @param {string} outDir
 * @returns {Promise<Digests>} every file that went into either
 */
async function build(outDir) {
  mkdirSync(outDir, { recursive: true })
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  /** @type {Digests} */
  const inputs = { [lockFile]: digestOfFile(join(root, lockFile)) }
  for (const mode of [[], ['--mode', 'offline']]) {
    const status = await runNode([vite, 'build', '--outDir', outDir, '--logLevel', 'warn', ...mode])
    if (status !== 0) throw new SetupError('the page was not built: see the errors above')
    const recorded = join(outDir, inputsFile)
    Object.assign(inputs, JSON.parse(readFileSync(recorded, 'utf8')))
    rmSync(recorded)
  }
  return inputs
}

/** Whether every file that the last build read, and every file that it wrote, is unchanged. */
export function isPageCurrent() {
  const stamp = readStamp()
  if (stamp === null) return false
  const { inputs, outputs } = stamp
  return (
    isSame(inputs, digestsOf(root, Object.keys(inputs))) &&
    isSame(outputs, digestsOf(built, filesOf(built)))
  )
}

/** @returns {Stamp | null} null for a page that was never built, or by an earlier version */
function readStamp() {
  const path = join(built, 'stamp')
  if (!existsSync(path)) return null
  try {
    const { inputs, outputs } = JSON.parse(readFileSync(path, 'utf8'))
    return inputs && outputs ? { inputs, outputs } : null
  } catch {
    return null
  }
}

/**
 * @param {string} folder
 * @param {string[]} paths below the folder
 * @returns {Digests} an empty digest for a file that is missing
 */
function digestsOf(folder, paths) {
  return Object.fromEntries(
    paths.map((path) => [
      path,
      existsSync(join(folder, path)) ? digestOfFile(join(folder, path)) : '',
    ]),
  )
}

/**
 * Every file of a built page, apart from its stamp.
 * @param {string} folder
 */
function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => path !== 'stamp')
}

/** @param {Digests} one @param {Digests} other */
function isSame(one, other) {
  const paths = Object.keys(one)
  return (
    paths.length === Object.keys(other).length && paths.every((path) => one[path] === other[path])
  )
}
