/**
 * Records the files that the bundler reads for a build of the page. A list kept by hand would miss
 * the next folder that the page imports from.
 */
import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root } from './setup.mjs'

/** The file that a build leaves in its output folder: the digest of each input, by its path. */
export const inputsFile = 'inputs.json'

/** `@import './page.css'` and `@import url("./page.css")`. */
const cssImport = /@import\s+(?:url\()?['"]([^'"]+)['"]/g

/** @typedef {Record<string, string>} Digests digests in hex, by path relative to the repository */

/**
 * Vite plugins that record every file a build reads: one for the page, one for its workers, which
 * Vite bundles with plugins of their own.
 */
export function recordInputs() {
  /** @type {Digests} */
  const inputs = {}
  /** @param {string} id a path, perhaps with a query, or the name of a virtual module */
  const record = (id) => {
    const path = id.replace(/\?.*$/s, '')
    // A NUL marks a virtual module.
    if (path.includes('\0') || !isFile(path)) return
    // The first digest is kept: if a file changes during the build, its new content must not be
    // recorded as what was built.
    inputs[relative(root, path)] ??= digestOfFile(path)
    // The bundler inlines imported style sheets itself and asks no plugin for them.
    if (path.endsWith('.css'))
      for (const [, imported = ''] of readFileSync(path, 'utf8').matchAll(cssImport))
        record(join(dirname(path), imported))
  }
  const reading = {
    name: 'record-inputs',
    enforce: /** @type {const} */ ('pre'),
    /** @param {string} id */
    load: (id) => {
      record(id)
      return null
    },
  }
  return {
    ofWorkers: reading,
    ofPage: {
      ...reading,
      /** @param {{ configFileDependencies: string[] }} config */
      configResolved({ configFileDependencies }) {
        configFileDependencies.forEach(record)
      },
      /** @param {{ dir?: string }} output */
      writeBundle({ dir = '' }) {
        writeFileSync(join(dir, inputsFile), JSON.stringify(inputs))
      },
    },
  }
}

/** @param {string} path */
export function digestOfFile(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** @param {string} path */
function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
