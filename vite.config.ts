import { defineConfig, type UserConfig } from 'vite'
import { recordInputs } from './scripts/record-inputs.mjs'
import { languageParts } from './src/page/language-parts.ts'
import { loadBeside } from './src/page/load-beside.ts'

/** Tor Browser on Firefox ESR 115 is the oldest that must work; nothing here needs a newer one. */
const target = ['firefox115', 'chrome115', 'safari16.4']

const nameAsset = ({ names }: { names: string[] }): string =>
  names.some((name) => name.endsWith('.css'))
    ? 'assets/[name][extname]'
    : 'assets/[name]-[hash][extname]'

/**
 * Vite wraps each lazy import into a preloader of styles and modules. The page has one style, and
 * weighs less without it.
 */
const withoutPreload = {
  name: 'without-preload',
  enforce: 'pre' as const,
  load: (id: string): string | null =>
    id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load()' : null,
}

/** `words-ko-first`: the page preloads the words of its language by that name. */
const nameChunk = ({ facadeModuleId }: { facadeModuleId: string | null }): string => {
  const [, language, part] = /\/languages\/(\w+)\.ts\?(\w+)$/.exec(facadeModuleId ?? '') ?? []
  return language === undefined
    ? 'assets/[name]-[hash].js'
    : `assets/words-${language}-${part}-[hash].js`
}

/** `npm run build` builds again only when one of these files has changed. */
const inputs = recordInputs()

const shared = {
  appType: 'custom',
  publicDir: false,
  plugins: [inputs.ofPage, languageParts, withoutPreload, loadBeside],
  worker: {
    format: 'es',
    plugins: () => [inputs.ofWorkers, loadBeside],
  },
} satisfies UserConfig

const build = {
  outDir: 'dist/page',
  target,
  assetsInlineLimit: 0,
  // Vite would advise newcomers to split the offline sealer, which must stay one script. What the
  // page loads is limited by test/page/weight.test.ts.
  chunkSizeWarningLimit: Infinity,
}

/**
 * The source's page: `src/page` to `dist/page`, nothing inlined, the same bytes on every machine.
 */
const page: UserConfig = {
  ...shared,
  build: {
    ...build,
    // There is nothing to preload beside a module: styles come with the page.
    modulePreload: false,
    rolldownOptions: {
      input: {
        start: 'src/page/app/start.ts',
        app: 'src/page/app/main.ts',
        forget: 'src/page/forget-typed.ts',
        style: 'src/page/style/style.css',
      },
      // What the HTML names keeps its name; nothing is ever cached, so it needs no digest in it.
      output: {
        entryFileNames: 'assets/[name].js',
        assetFileNames: nameAsset,
        chunkFileNames: nameChunk,
      },
    },
  },
}

/** The offline sealer: one classic script, as a page of `file:` may load no modules. */
const offline: UserConfig = {
  ...shared,
  build: {
    ...build,
    emptyOutDir: false,
    rolldownOptions: {
      input: { offline: 'src/page/offline/main.ts' },
      output: { format: 'iife', entryFileNames: 'assets/[name].js', codeSplitting: false },
    },
  },
}

/** `--mode offline` for the offline sealer, after the page. */
export default defineConfig(({ mode }) => (mode === 'offline' ? offline : page))
