import { build } from 'esbuild'
import { root } from '../../support/bundle.ts'

/**
 * The program of `seal-in-child.ts`. Bundled to JavaScript, because Node strips types with
 * WebAssembly, and some runs have none.
 */
export async function bundleChild(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['test/page/sealing/seal-in-child.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
  })
  return outputFiles[0]?.text ?? ''
}

/** What the program prints as JSON. */
export interface Report {
  receipt: string
  recipient: string
  addedMebibytes: number
  hasWebAssembly: boolean
  /** From choosing the file to the receipt. */
  seconds: number
  cpuSeconds: number
}
