import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * The source of src/desk/site/search-code.ts: the desk's search as a script, so that the pages of a
 * casebook find what the commands find. Newer syntax than Tor Browser's is translated.
 */
export async function searchCode(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['src/desk/site/search-entry.ts'],
    absWorkingDir: root,
    write: false,
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'iife',
    globalName: 'deskSearch',
    target: 'firefox128',
    logLevel: 'error',
  })
  const code = (outputFiles[0]?.text ?? '').trim()
  return `/** The bundle of search-entry.ts, written by \`npm run docs\`. */
// biome-ignore format: generated
export const searchCode =
  ${JSON.stringify(code)}
`
}
