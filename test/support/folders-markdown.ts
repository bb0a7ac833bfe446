type Arrows = Readonly<Record<string, readonly string[]>>

/** The purpose of each folder, as docs/folders.md states it. */
const purposes: Readonly<Record<string, string>> = {
  config: 'declares, reads and documents every setting',
  workers: 'store, sweep, collect, delete',
  'src/age': 'age v1: header, stanzas, stream, primitives',
  'src/backup': 'backups of everything that counts, and restoring them',
  'src/canary': 'what a canary tip is, and the proof that an envelope is one',
  'src/carry': 'what travels on the stick: export and acknowledgement',
  'src/reply-store': 'the answers at the server: checking, taking in and reading them',
  'src/cli': 'the command line: a folder for each group of commands',
  'src/desk': 'the casebook: opening, custody, triage, reports',
  'src/disk': 'durable small files, folder syncs, locks',
  'src/doctor': 'the checks of `tumen setup` and `tumen doctor`',
  'src/errors': 'the base class of all errors',
  'src/front-page': 'the page on the open web that only names the onion',
  'src/json': 'reading JSON from outside',
  'src/keyring': 'keyring, minisign, fingerprints',
  'src/ledger': "the worker's hash-chained ledger: format, reader, writer",
  'src/net': 'one HTTP request; SOCKS',
  'src/open': 'envelope and identity to tip',
  'src/ops': 'health, metrics, dashboard, canary, notes to staff',
  'src/page': "the source's page",
  'src/proof-of-work': 'challenges for a crowd, and their solution',
  'src/queue': 'Redis: jobs, heartbeats, counters',
  'src/thread': 'the twelve words of a source, and the keys that they give',
  'src/replies': 'answers to a source: messages, drops and the index',
  'src/seal': 'tip and keyring to envelope',
  'src/server': 'the intake: every public route',
  'src/store': 'the blob store: spool and vault',
  'src/supervise': 'runs the processes and the private Redis',
  'src/text': 'numbers with their nouns',
  'src/time': 'clock, days, published steps',
  'src/tip': "the tip's schema, container and padding",
  'src/tor': 'runs tor, and restarts it when ops asks',
  'src/wire': 'names, problem codes and the retry rule of the HTTP interface',
}

/** Renders docs/folders.md: a diagram, and a table of what each folder may import. */
export function foldersMarkdown(arrows: Arrows): string {
  const folders = Object.keys(arrows)
  const lines = folders.flatMap((folder) =>
    necessaryArrows(arrows, folder).map((below) => `  ${idOf(folder)} --> ${idOf(below)}`),
  )
  const rows = folders.map((folder) => {
    const below = arrows[folder]?.map((name) => `\`${name}\``).join(', ') ?? ''
    return `| \`${folder}\` | ${purposes[folder] ?? ''} | ${below === '' ? '–' : below} |`
  })
  return [
    '# Folders and what they may import',
    '',
    '`test/architecture.test.ts` holds the table and fails on any other import. This file is made from it:',
    '`npx vitest run test/architecture.test.ts -u`.',
    '',
    'The drawing leaves out an arrow where a longer way leads to the same folder.',
    '',
    '```mermaid',
    'flowchart TD',
    ...folders.map((folder) => `  ${idOf(folder)}["${folder}"]`),
    ...lines,
    '```',
    '',
    '| folder | purpose | may import |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

const idOf = (folder: string): string => folder.replaceAll(/[^a-z]/g, '_')

/** The arrows of a folder without those that another of its arrows implies. */
function necessaryArrows(arrows: Arrows, folder: string): string[] {
  const direct = arrows[folder] ?? []
  const implied = new Set(direct.flatMap((name) => [...reachableFrom(arrows, name)]))
  return direct.filter((name) => !implied.has(name))
}

function reachableFrom(arrows: Arrows, folder: string): Set<string> {
  const found = new Set(arrows[folder])
  // A set visits what is added to it on the way.
  for (const name of found) for (const further of arrows[name] ?? []) found.add(further)
  return found
}
