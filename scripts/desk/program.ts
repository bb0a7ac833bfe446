import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Metafile, Plugin } from 'esbuild'
import { build } from 'esbuild'
import type { BundledFile } from './bundled-file.ts'
import { root } from './root.ts'

const threadUrl = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g
/** Defines `require` for bundled CommonJS packages. */
const banner = `import { createRequire as createRequireOfBundle } from 'node:module'
const require = createRequireOfBundle(import.meta.url)`

/** The desk's program as one file, and one more file for each kind of thread that it starts. */
export async function buildProgram(): Promise<{ files: BundledFile[]; licences: string }> {
  const threads = new Map<string, string>()
  const metafiles: Metafile[] = []
  const files: BundledFile[] = []
  const add = async (entry: string, path: string) => {
    const { outputFiles, metafile } = await bundle(entry, threads)
    metafiles.push(metafile)
    files.push({ path, content: outputFiles[0]?.contents ?? new Uint8Array(0) })
  }
  await add('src/cli/desk-main.ts', 'lib/tumen.mjs')
  // A thread may start threads itself: the map grows during the iteration.
  for (const [name, entry] of threads) await add(entry, `lib/${name}.mjs`)
  return { files, licences: licencesOf(metafiles) }
}

function bundle(entry: string, threads: Map<string, string>) {
  return build({
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    charset: 'utf8',
    legalComments: 'eof',
    logLevel: 'error',
    banner: { js: banner },
    plugins: [threadFiles(threads)],
  })
}

/**
 * Replaces the URL of each file that a thread starts from. In the bundle the file is called
 * `NAME.mjs` and is in the same folder.
 */
function threadFiles(threads: Map<string, string>): Plugin {
  return {
    name: 'thread-files',
    setup(build) {
      build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8')
        const folder = path.slice(root.length, -basename(path).length)
        const contents = text.replace(threadUrl, (_whole, name: string) => {
          threads.set(name, `${folder}${name}.ts`)
          return `new URL('./${name}.mjs', import.meta.url)`
        })
        return { contents, loader: 'ts' }
      })
    },
  }
}

function licencesOf(metafiles: readonly Metafile[]): string {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs))
  const folders = inputs.flatMap(
    (input) => /^(?:.*node_modules\/)(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [],
  )
  return [...new Set(folders)].sort().map(licenceOf).join('\n')
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(root, folder, 'package.json'), 'utf8'),
  ) as Record<string, string>
  const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each))
  const text =
    file !== undefined && existsSync(join(root, folder, file))
      ? readFileSync(join(root, folder, file), 'utf8').trim()
      : ''
  return `${'='.repeat(72)}\n${name} ${version} (${license})\n\n${text}\n`
}
