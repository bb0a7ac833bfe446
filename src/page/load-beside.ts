import { basename } from 'node:path'
import type { Plugin, Rolldown } from 'vite'

/**
 * Loads a lazy file at the same time as the files that it imports. Otherwise a browser learns of
 * these only when the first one has arrived, and over Tor each such step takes a second.
 */
export const loadBeside: Plugin = {
  name: 'load-beside',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue
      const loaded = withImports(bundle, chunk.fileName)
      chunk.code = importTogether(chunk.code, (name) => {
        const lazy = chunk.dynamicImports.find((path) => basename(path) === name)
        if (lazy === undefined) return []
        return [...withImports(bundle, lazy)].filter((path) => !loaded.has(path))
      })
    }
  },
}

/** A file and all that it imports, at any depth; the file comes first. */
function withImports(bundle: Rolldown.OutputBundle, path: string): Set<string> {
  const paths = new Set([path])
  // The set grows while it is walked.
  for (const each of paths) {
    const file = bundle[each]
    if (file?.type === 'chunk') for (const other of file.imports) paths.add(other)
  }
  return paths
}

function importTogether(code: string, filesFor: (name: string) => string[]): string {
  return code.replaceAll(
    /import\([`'"]\.\/([^`'"]+)[`'"]\)/g,
    (single: string, name: string): string => {
      const imports = filesFor(name).map((path) => `import("./${basename(path)}")`)
      return imports.length > 1 ? `Promise.all([${imports.join()}]).then(e=>e[0])` : single
    },
  )
}
