import { isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Metafile } from 'esbuild'
import { build } from 'esbuild'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The modules that a bundler includes for an entry: everything that the entry can ever load. */
export interface Reach {
  /** Our own files, such as `src/age/walk.ts`. */
  ours: string[]
  /** All packages, including those that other packages import. */
  packages: string[]
  /** Node's own modules, such as `node:net`, including those that packages import. */
  builtins: string[]
  /**
   * The chain of imports from the entry to a module: `entry.ts > src/cli/tip/send.ts > node:http`.
   */
  wayTo(target: string): string
  /** All modules that import it directly, including files of packages. */
  importersOf(target: string): string[]
}

/** Bundles `entries` as one program. */
export async function reachOf(
  entries: readonly string[],
  options: { throughPackages: boolean },
): Promise<Reach> {
  return await reachOfSource(entries.map((entry) => `import './${entry}'`).join('\n'), options)
}

/**
 * The same for source text that is placed at the root of the repository. Following imports into the
 * packages shows which of Node's modules they need, and takes a second longer.
 */
export async function reachOfSource(
  source: string,
  { throughPackages }: { throughPackages: boolean },
): Promise<Reach> {
  const { metafile } = await build({
    stdin: { contents: source, resolveDir: root, sourcefile: 'entry.ts', loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: throughPackages ? 'bundle' : 'external',
    // No tree shaking: code that is included but never called could still be called.
    treeShaking: false,
    logLevel: 'silent',
  })
  const importers = walk(metafile)
  const reached = [...importers.keys()]
  return {
    ours: reached.filter((name) => /^(src|workers|config)\//.test(name)).sort(),
    packages: [...new Set(reached.flatMap(packageOf))].sort(),
    builtins: reached.filter((name) => isBuiltin(name)).sort(),
    wayTo: (target) =>
      wayTo(
        importers,
        reached.find((name) => name === target || packageOf(name).includes(target)),
      ),
    importersOf: (target) =>
      Object.entries(metafile.inputs)
        .filter(([, { imports }]) => imports.some((each) => nameOf(each) === target))
        .map(([path]) => path)
        .sort(),
  }
}

/** Every module, breadth first, with the module that first imported it. */
function walk({ inputs }: Metafile): Map<string, string | null> {
  const importers = new Map<string, string | null>([['entry.ts', null]])
  for (const path of importers.keys()) {
    for (const each of inputs[path]?.imports ?? []) {
      const name = nameOf(each)
      if (!importers.has(name)) importers.set(name, path)
    }
  }
  return importers
}

function nameOf({ path, external }: { path: string; external?: boolean }): string {
  return external === true && isBuiltin(path) ? `node:${path.replace(/^node:/, '')}` : path
}

function wayTo(importers: ReadonlyMap<string, string | null>, target: string | undefined): string {
  const way: string[] = []
  for (let name: string | null | undefined = target; name; name = importers.get(name))
    way.unshift(name)
  return way.join(' > ')
}

/** A file under node_modules, or the bare name that stands for a package left outside. */
function packageOf(name: string): string[] {
  if (isBuiltin(name) || /^(src|workers|config)\/|^entry\.ts$|^</.test(name)) return []
  const [, found] = /^(?:.*node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(name) ?? []
  return found === undefined ? [] : [found]
}
