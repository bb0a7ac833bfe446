/**
 * Bundles the command line into `dist/cli`, because reading 600 modules takes half a second of each
 * command. `bin/tumen.mjs` uses the bundle as long as no source has changed since.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isBundleCurrent, stateOf } from '../bin/bundle-state.mjs'
import { root } from './setup.mjs'

const folder = join(root, 'dist', 'cli')
const threadUrl = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g

/** Defines `require` for bundled CommonJS packages. */
const banner = `import { createRequire as createRequireOfBundle } from 'node:module'
const require = createRequireOfBundle(import.meta.url)`

/** These load files of their own, or are needed by commands that take long anyway. */
const external = [
  '@aws-sdk/*',
  '@bull-board/*',
  '@tus/*',
  'bullmq',
  'express',
  'helmet',
  'ioredis',
  'multer',
  'nodemailer',
  'prom-client',
]

/** Bundles the command line, unless the last bundle is current. */
export async function ensureProgram() {
  if (isBundleCurrent(root)) return
  process.stderr.write('set-up: bundling the command line\n')
  const fresh = join(root, 'dist', `.cli-${process.pid}`)
  try {
    const inputs = await bundle(fresh)
    const states = inputs.map((path) => [path, stateOf(join(root, path))])
    writeFileSync(join(fresh, 'stamp'), JSON.stringify(Object.fromEntries(states)))
    rmSync(folder, { recursive: true, force: true })
    renameSync(fresh, folder)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/**
 * @param {string} outdir
 * @returns {Promise<string[]>} the sources that went into it, and the lock file
 */
async function bundle(outdir) {
  const { build } = await import('esbuild')
  /** @type {Map<string, string>} each file that a thread starts from, by its name in the bundle */
  const threads = new Map([['tumen', 'src/cli/main.ts']])
  /** @type {Set<string>} */
  const inputs = new Set(['package-lock.json'])
  // A thread may start threads itself: the map grows during the iteration.
  for (const [name, entry] of threads) {
    const { metafile } = await build({
      entryPoints: { [name]: join(root, entry) },
      absWorkingDir: root,
      outdir,
      outExtension: { '.js': '.mjs' },
      chunkNames: `${name}-[hash]`,
      bundle: true,
      splitting: true,
      metafile: true,
      // For bin/stack-traces.mjs. A comment that names the map would let Node read it at the start.
      sourcemap: 'external',
      sourcesContent: false,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      charset: 'utf8',
      logLevel: 'error',
      banner: { js: banner },
      external,
      plugins: [ownFiles(threads)],
    })
    for (const path of Object.keys(metafile.inputs))
      if (!path.includes('node_modules/')) inputs.add(path)
  }
  return [...inputs]
}

/**
 * Lets bundled files find what is beside their source: threads are files of the bundle, everything
 * else stays where it is.
 * @param {Map<string, string>} threads
 * @returns {import('esbuild').Plugin}
 */
function ownFiles(threads) {
  return {
    name: 'own-files',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const place = relative(root, path)
        if (place.startsWith('node_modules')) return undefined
        const contents = readFileSync(path, 'utf8')
          .replace(threadUrl, (_whole, name) => {
            threads.set(name, join(place, '..', `${name}.ts`))
            return `new URL('./${name}.mjs', import.meta.URL)`
          })
          .replaceAll('import.meta.url', `new URL('../../${place}', import.meta.url).href`)
          .replaceAll('import.meta.URL', 'import.meta.url')
          .replaceAll(
            'import.meta.dirname',
            `new URL('../../${join(place, '..')}', import.meta.url).pathname`,
          )
        return { contents, loader: 'ts' }
      })
    },
  }
}
