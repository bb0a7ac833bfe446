import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Reach } from './support/bundle.ts'
import { reachOf, reachOfSource, root } from './support/bundle.ts'
import { foldersMarkdown } from './support/folders-markdown.ts'

/** The zones of docs/architecture.md, by the files where their programs begin. */
const zones = {
  intake: ['src/server/main.ts'],
  worker: ['workers/main.ts'],
  ops: ['src/ops/main.ts'],
  tor: ['src/tor/main.ts'],
  supervisor: ['src/supervise/main.ts'],
  // The entry points of the workers and the lazy chunks, whose own files have URLs of the bundler.
  page: [
    'app/run-app',
    'app/app',
    'app/deferred',
    'app/window',
    'sealing/sealer-client',
    'sealing/sealer-host',
    'sealing/serve-chunks',
    'sealing/chunk-engine',
    'sealing/trusted-keyring',
    'sealing/seal-envelope',
    'app/own-words',
    'offline/own-words',
    'sealing/upload-round',
    'sealing/solve-in-page',
    'sealing/xhr-exchange',
    '../cleaning/clean',
    'offline/offline-sealer',
    'offline/saved-view',
  ].map((name) => `src/page/${name}.ts`),
  // A thread's file is named by its URL, which no bundler follows.
  desk: [
    'src/cli/desk-main.ts',
    'src/age/chunk-worker.ts',
    'src/age/place-worker.ts',
    'src/desk/opening/digest-worker.ts',
    'src/desk/opening/opening-thread.ts',
  ],
}

const networkModules = [
  'node:net',
  'node:tls',
  'node:dgram',
  'node:dns',
  'node:http',
  'node:https',
  'node:http2',
  'node:inspector',
  'node:cluster',
  'node:child_process',
]
const networkPackages = [
  'express',
  'ioredis',
  'bullmq',
  'multer',
  'helmet',
  'socks',
  'prom-client',
  'nodemailer',
]

/**
 * Everything forbidden that an entry point reaches, each with the chain of imports that leads
 * there.
 */
function waysTo(reach: Reach, isForbidden: (name: string) => boolean): string[] {
  return [...reach.ours, ...reach.packages, ...reach.builtins]
    .filter(isForbidden)
    .map((name) => reach.wayTo(name))
}

const opensTips = (name: string) => /^src\/(open|desk)\//.test(name)
const reachesNetwork = (name: string) =>
  networkModules.includes(name) || networkPackages.includes(name)
const isNotForPage = (name: string) =>
  name.startsWith('node:') ||
  /sodium|typebox/.test(name) ||
  /^(config|workers|src\/(?!age|json|tip|keyring|thread|replies|seal|cleaning|errors|time|wire|proof-of-work\/(?!solve-in-node)|page\/))/.test(
    name,
  )

describe('the trust zones', () => {
  describe.each(['intake', 'worker', 'ops', 'tor', 'supervisor'] as const)('of the %s', (zone) => {
    it('reaches nothing that opens a tip', async () => {
      const reach = await reachOf(zones[zone], { throughPackages: false })
      expect(reach.ours).toEqual(expect.arrayContaining(zones[zone]))
      expect(waysTo(reach, opensTips)).toEqual([])
    })
  })

  it('finds code that opens tips if it is planted in a networked program', async () => {
    const planted = await reachOfSource(
      `import './src/server/app.ts'\nimport './src/desk/opening/import-envelope.ts'`,
      { throughPackages: false },
    )
    expect(waysTo(planted, opensTips)).toContain(
      'entry.ts > src/desk/opening/import-envelope.ts > src/open/open-envelope.ts',
    )
  })

  it('lets the intake reach no worker, and the worker no intake', async () => {
    const [intake, worker] = await Promise.all(
      [zones.intake, zones.worker].map((entries) => reachOf(entries, { throughPackages: false })),
    )
    expect(waysTo(intake as Reach, (name) => name.startsWith('workers/'))).toEqual([])
    expect(
      waysTo(
        worker as Reach,
        (name) => name.startsWith('src/server/') || name === 'express' || name === 'multer',
      ),
    ).toEqual([])
  })

  describe('of the desk', () => {
    it('reaches no network: not one socket', async () => {
      const reach = await reachOf(zones.desk, { throughPackages: true })
      expect(reach.ours).toEqual(
        expect.arrayContaining(['src/cli/stick/open.ts', 'src/desk/opening/import-envelope.ts']),
      )
      expect(reach.builtins).toContain('node:crypto')
      expect(reach.packages).toContain('libsodium')
      expect(
        waysTo(reach, (name) => reachesNetwork(name) && name !== 'node:child_process'),
      ).toEqual([])
    })

    it('starts one other program, Dangerzone, from one file', async () => {
      const reach = await reachOf(zones.desk, { throughPackages: true })
      expect(reach.importersOf('node:child_process')).toEqual(['src/desk/opening/dangerzone.ts'])
    })

    it.each([
      [
        `import './src/cli/stick/open.ts'\nimport './src/cli/tip/send.ts'`,
        'entry.ts > src/cli/tip/send.ts > src/cli/tip/post-envelope.ts > node:http',
      ],
      [`import { connect } from 'net'\nconnect(1)`, 'entry.ts > node:net'],
      [`void import('node:https')`, 'entry.ts > node:https'],
      [`import 'ioredis'`, 'node_modules/ioredis/'],
    ])('would detect %j', async (source, way) => {
      const planted = await reachOfSource(source, { throughPackages: true })
      expect(waysTo(planted, reachesNetwork).join('\n')).toContain(way)
    })
  })

  describe("of the source's page", () => {
    it('reaches nothing of Node, and no libsodium', async () => {
      const reach = await reachOf(zones.page, { throughPackages: true })
      expect(reach.packages).toContain('@noble/post-quantum')
      expect(waysTo(reach, isNotForPage)).toEqual([])
    })

    it('would show the provider of the command line', async () => {
      const planted = await reachOfSource(
        `import './src/seal/seal-tip.ts'\nimport './src/age/sodium.ts'`,
        { throughPackages: true },
      )
      expect(waysTo(planted, isNotForPage)).toEqual(
        expect.arrayContaining([
          'entry.ts > src/age/sodium.ts',
          'entry.ts > src/age/sodium.ts > node:crypto',
        ]),
      )
    })
  })
})

/** docs/architecture.md shows these: a folder may import itself and these. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  config: ['src/errors'],
  'src/errors': [],
  'src/disk': ['src/errors'],
  'src/time': [],
  'src/json': [],
  'src/text': [],
  'src/net': ['src/errors'],
  'src/age': ['src/errors'],
  'src/tip': ['src/errors', 'src/time', 'src/age'],
  'src/keyring': ['src/errors', 'src/disk', 'src/time', 'src/text', 'src/age'],
  'src/thread': ['src/errors', 'src/age'],
  'src/replies': ['src/errors', 'src/time', 'src/json', 'src/age', 'src/tip', 'src/thread'],
  'src/cleaning': ['src/errors', 'src/age'],
  'src/seal': ['src/age', 'src/tip'],
  'src/open': ['src/age', 'src/tip', 'src/keyring'],
  'src/store': ['src/errors', 'src/disk', 'src/time'],
  'src/ledger': ['src/errors', 'src/disk', 'src/time'],
  'src/queue': ['src/errors', 'src/disk', 'src/time'],
  'src/carry': ['src/errors', 'src/disk', 'src/time', 'src/text', 'src/keyring', 'src/store'],
  'src/reply-store': [
    'src/errors',
    'src/disk',
    'src/time',
    'src/keyring',
    'src/carry',
    'src/replies',
    'src/tip',
    'src/store',
  ],
  'src/backup': [
    'src/errors',
    'src/disk',
    'src/time',
    'src/text',
    'src/keyring',
    'src/store',
    'src/ledger',
    'src/carry',
    'src/reply-store',
  ],
  'src/doctor': [
    'config',
    'src/disk',
    'src/keyring',
    'src/store',
    'src/queue',
    'src/time',
    'src/text',
    'src/replies',
    'src/reply-store',
  ],
  'src/wire': [],
  'src/proof-of-work': ['src/json', 'src/wire'],
  'src/canary': ['src/disk', 'src/time', 'src/json', 'src/age', 'src/tip', 'src/store'],
  'src/page': [
    'src/errors',
    'src/time',
    'src/json',
    'src/age',
    'src/tip',
    'src/keyring',
    'src/thread',
    'src/replies',
    'src/seal',
    'src/cleaning',
    'src/wire',
    'src/proof-of-work',
  ],
  'src/front-page': ['src/errors', 'src/page'],
  'src/desk': [
    'src/errors',
    'src/disk',
    'src/time',
    'src/text',
    'src/age',
    'src/tip',
    'src/keyring',
    'src/open',
    'src/carry',
    'src/thread',
    'src/replies',
    'src/reply-store',
  ],
  'src/supervise': [
    'config',
    'src/errors',
    'src/disk',
    'src/time',
    'src/age',
    'src/keyring',
    'src/reply-store',
    'src/tip',
  ],
  'src/server': [
    'config',
    'src/errors',
    'src/disk',
    'src/time',
    'src/age',
    'src/keyring',
    'src/store',
    'src/queue',
    'src/wire',
    'src/proof-of-work',
    'src/page',
    'src/tip',
    'src/replies',
    'src/reply-store',
  ],
  workers: [
    'config',
    'src/errors',
    'src/disk',
    'src/time',
    'src/age',
    'src/keyring',
    'src/store',
    'src/ledger',
    'src/queue',
    'src/carry',
    'src/canary',
    'src/supervise',
    'src/replies',
    'src/reply-store',
  ],
  'src/tor': ['config', 'src/errors', 'src/supervise'],
  // `src/tor` gives ops only tor's socket, the onion's name, and the file that asks tor to restart.
  'src/ops': [
    'config',
    'src/errors',
    'src/time',
    'src/json',
    'src/net',
    'src/age',
    'src/tip',
    'src/keyring',
    'src/seal',
    'src/store',
    'src/ledger',
    'src/queue',
    'src/wire',
    'src/proof-of-work',
    'src/canary',
    'src/supervise',
    'src/tor',
    'src/replies',
    'src/reply-store',
  ],
  'src/cli': [
    'config',
    'src/errors',
    'src/disk',
    'src/time',
    'src/text',
    'src/json',
    'src/net',
    'src/age',
    'src/tip',
    'src/keyring',
    'src/cleaning',
    'src/seal',
    'src/thread',
    'src/replies',
    'src/open',
    'src/store',
    'src/ledger',
    'src/queue',
    'src/carry',
    'src/backup',
    'src/doctor',
    'src/wire',
    'src/proof-of-work',
    'src/canary',
    'src/front-page',
    'src/desk',
    'src/supervise',
    'src/tor',
    'src/reply-store',
    'src/thread',
    'src/replies',
  ],
}

interface SourceFile {
  path: string
  text: string
}

function readSources(): SourceFile[] {
  return ['src', 'workers', 'config'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => ({
        path: join(top, name),
        text: readFileSync(join(root, top, name), 'utf8'),
      })),
  )
}

function folderOf(path: string): string {
  return path.startsWith('src/')
    ? path.split('/').slice(0, 2).join('/')
    : (path.split('/')[0] ?? '')
}

/** Imports of types too: who knows a shape depends on it. */
function wrongArrows({ path, text }: SourceFile): string[] {
  const folder = folderOf(path)
  const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    normalize(join(dirname(path), match[1] ?? '')),
  )
  return targets
    .filter(
      (target) =>
        target !== 'package.json' &&
        folderOf(target) !== folder &&
        arrows[folder]?.includes(folderOf(target)) !== true,
    )
    .map((target) => `${path} > ${target}`)
}

describe('the zone of tor', () => {
  it('reaches no envelope, no key and no queue', async () => {
    const reach = await reachOf(zones.tor, { throughPackages: false })
    expect(
      waysTo(
        reach,
        (name) =>
          /^src\/(?!tor|supervise|errors|time)/.test(name) || /ioredis|bullmq|express/.test(name),
      ),
    ).toEqual([])
  })
})

describe('docs/folders.md', () => {
  // After a change of the table: npx vitest run test/architecture.test.ts -u
  it('shows every folder and what it may import', async () => {
    await expect(foldersMarkdown(arrows)).toMatchFileSnapshot('../docs/folders.md')
  })
})

describe('the arrows between folders', () => {
  it('point down only', () => {
    const sources = readSources()
    expect([...new Set(sources.map(({ path }) => folderOf(path)))].sort()).toEqual(
      Object.keys(arrows).sort(),
    )
    expect(sources.flatMap(wrongArrows)).toEqual([])
  })

  it.each([
    [
      'src/age/walk.ts',
      `import type { Keyring } from '../keyring/keyring.ts'`,
      'src/age/walk.ts > src/keyring/keyring.ts',
    ],
    [
      'src/seal/seal-tip.ts',
      `export { peek } from '../open/peek.ts'`,
      'src/seal/seal-tip.ts > src/open/peek.ts',
    ],
    [
      'src/open/peek.ts',
      `await import('../seal/seal-tip.ts')`,
      'src/open/peek.ts > src/seal/seal-tip.ts',
    ],
    ['workers/store.ts', `import '../src/server/app.ts'`, 'workers/store.ts > src/server/app.ts'],
  ])('would detect an arrow up in %s', (path, text, expected) => {
    expect(wrongArrows({ path, text })).toEqual([expected])
  })
})

/** The files that each file imports, types included: to know a shape is to depend on its file. */
function importGraph(sources: readonly SourceFile[]): Map<string, string[]> {
  return new Map(
    sources.map(({ path, text }) => [
      path,
      [...text.matchAll(/^(?:import|export)\b[^'"]*?from\s*'(\.[^']+)'/gm)].map((match) =>
        normalize(join(dirname(path), match[1] ?? '')),
      ),
    ]),
  )
}

/** One circle of imports as `a > b > a`, or null. */
function findCircle(graph: ReadonlyMap<string, readonly string[]>): string | null {
  const finished = new Set<string>()
  const visit = (path: string, way: readonly string[]): string | null => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path].join(' > ')
    if (finished.has(path)) return null
    for (const next of graph.get(path) ?? []) {
      const circle = visit(next, [...way, path])
      if (circle !== null) return circle
    }
    finished.add(path)
    return null
  }
  for (const path of graph.keys()) {
    const circle = visit(path, [])
    if (circle !== null) return circle
  }
  return null
}

describe('the imports between files', () => {
  it('form no circle, not even of types', () => {
    expect(findCircle(importGraph(readSources()))).toBeNull()
  })

  it('show a circle that is planted', () => {
    const graph = importGraph([
      { path: 'src/age/a.ts', text: `import type { B } from './b.ts'` },
      { path: 'src/age/b.ts', text: `export { a } from './c.ts'` },
      { path: 'src/age/c.ts', text: `import { a } from './a.ts'` },
    ])
    expect(findCircle(graph)).toBe('src/age/a.ts > src/age/b.ts > src/age/c.ts > src/age/a.ts')
  })
})

describe('comments', () => {
  // The formatter wraps code alone.
  it('are at most 100 columns wide', () => {
    const wide = readSources().flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          line.length > 100 && /^\s*(\/\/|\/?\*)/.test(line) ? [`${path}:${index + 1}`] : [],
        ),
    )
    expect(wide).toEqual([])
  })
})

/** What only certain files may do, and which files. */
const privileges = [
  {
    what: 'read the environment',
    pattern: /process\.env|process\[/,
    allowed: [
      'src/cli/frame/start.ts',
      'src/ops/main.ts',
      'src/server/main.ts',
      'src/supervise/main.ts',
      'src/tor/main.ts',
      'workers/main.ts',
    ],
  },
  {
    what: 'end the process',
    pattern: /process\.(exit|exitCode|abort|kill)\b/,
    allowed: [
      'src/cli/frame/start.ts',
      'src/ops/main.ts',
      'src/server/main.ts',
      'src/supervise/main.ts',
      'src/tor/main.ts',
      'workers/main.ts',
    ],
  },
  {
    what: 'handle signals and the process channel',
    pattern: /process\.(on|once|addListener)\b/,
    allowed: [
      'src/cli/frame/start.ts',
      'src/ops/main.ts',
      'src/server/main.ts',
      'src/supervise/main.ts',
      'src/tor/main.ts',
      'workers/main.ts',
      // Called by main files to do this.
      'src/supervise/child.ts',
    ],
  },
  {
    what: 'listen',
    pattern: /server\.listen\(|\.createServer\(|createServer\(/,
    allowed: [
      // Called by main files to do this.
      'src/ops/listen.ts',
      'src/server/listen.ts',
      'src/server/http-server.ts',
      'src/server/proxy-line.ts',
      // Looks whether an address is free.
      'src/supervise/addresses.ts',
    ],
  },
]

describe('the privilege', () => {
  it.each(privileges)('to $what is limited to the listed files', ({ pattern, allowed }) => {
    const users = readSources()
      .filter(({ text }) => pattern.test(withoutComments(text)))
      .map(({ path }) => path)
    expect(users.filter((path) => !allowed.includes(path))).toEqual([])
  })

  it.each([
    ['const home = process.env.HOME', 0],
    ['process.exit(1)', 1],
    [`process.on('SIGTERM', stop)`, 2],
    ['http.createServer(app).listen(80)', 3],
  ])('would detect %j', (text, index) => {
    expect(privileges[index]?.pattern.test(withoutComments(text))).toBe(true)
  })
})

describe('tests', () => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => ({ path, text: readFileSync(`test/${path}`, 'utf8') }))
  const whose = (pattern: RegExp): string[] =>
    files.filter(({ text }) => pattern.test(text)).map(({ path }) => path)

  // Test files share their modules, so a mock in one would also apply in every later one.
  it('never mock a module', () => {
    expect(whose(/vi\.(do)?mock\('/i)).toEqual([])
  })

  // A busy machine reaches it. What is waited for ends a poll, so a long limit costs nothing.
  it('have no limit shorter than that of vitest.config.ts', () => {
    const hookOrTest = /^ *\}, (\d|[1-8]\d)_000\)$/m
    const option = /(?:\)|'|`), \{\s*timeout: (\d|[1-7]\d)_000\b/
    expect('}, 60_000)\n').toMatch(hookOrTest)
    expect(`it('waits', { timeout: ${60}_000 }, `).toMatch(option)
    expect([...whose(hookOrTest), ...whose(option)]).toEqual([])
  })
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}
