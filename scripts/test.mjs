/**
 * `npm test [-- arguments for vitest]` checks the types and runs every test that needs no browser,
 * no Tor network and no idle machine. `--long [FOLDER …]` runs the other tests, or only the named
 * folders of them. Long test files run one after the other, because two browsers at once on two
 * cores would distort each other's measurements.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensurePage } from './page.mjs'
import { runNode } from './run-node.mjs'
import { ensureModules, ensurePrograms, root, runScript, SetupError } from './setup.mjs'

/** Each folder of long tests, with the reason that is printed when it is skipped. */
const longTests = Object.entries({
  'test/age/long': 'seals to 20 recipients in all sizes, and derives keys at full strength',
  'test/keyring/long': "derives keys with minisign's own limits: seconds and 1 GiB for each",
  'test/attack': 'takes ten minutes and a machine for itself',
  'test/browser': 'needs Firefox ESR and Chromium',
  'test/looks': 'draws every page in every state and language in two browsers',
  'test/ceremony': 'kills a ceremony at every step, minutes long',
  'test/bundle': 'packs Node twice',
  'test/durability/long': 'turns off each sync, and cuts the power again and again',
  'test/faults-long': 'kills everything again and again, for minutes',
  'test/desk/corpus': 'seals and opens 300 tips',
  'test/hostile': 'opens hundreds of megabytes, and is killed dozens of times',
  'test/memory': 'needs the machine for itself',
  'test/containers': 'builds and runs containers',
  'test/fresh-host': 'installs a bare Debian 12, for minutes',
  'test/onion': 'starts a private Tor network',
  'test/tour': 'types the tour of the README twice, in a clone',
  'test/ops/canary/long': 'kills ops at each step, and fills a disk',
  'test/seizure/long': 'waits for a canary and a note',
  'test/several/contract': 'starts a Ceph gateway, which takes 600 MB',
  'test/several/redis': 'starts Redis Sentinel and a Redis Cluster, and kills their masters',
  'test/several/long': 'kills intakes, workers and engines again and again, for minutes',
  'test/signals': 'waits for alerts and asks ops every second of an hour; needs Prometheus',
}).filter(([folder]) => existsSync(join(root, folder)))

// Tests use file names in Korean, which Firefox can read only in a UTF-8 locale.
process.env.LC_ALL = 'C.UTF-8'

await runScript(async () => {
  const given = process.argv.slice(2)
  const isLong = given.includes('--long')
  const named = longTests.map(([folder]) => folder).filter((folder) => given.includes(folder))
  ensureModules()
  ensurePrograms([
    'redis-server',
    'age',
    'minisign',
    'tar',
    'exiftool',
    'identify',
    'heif-convert',
    'tmux',
    'promtool',
  ])
  if (isLong)
    ensurePrograms(['chromium', 'firefox-esr', 'pdfinfo', 'prometheus', 'faketime', 'tor'])
  if (isLong && [...named, ...(named.length === 0 ? ['test/several'] : [])].some(isSeveral))
    ensureEngines()
  await ensurePage()
  const [types, tests] = await Promise.all([
    isLong ? 0 : checkTypes(),
    runNode([
      join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      ...(isLong ? longArguments(named) : shortArguments()),
      ...given.filter((argument) => argument !== '--long' && !named.includes(argument)),
    ]),
  ])
  return types || tests
})

/** @param {string} folder */
function isSeveral(folder) {
  return folder.startsWith('test/several')
}

/**
 * The engines of more than one machine. Where they cannot be installed, their tests print the reason
 * and are skipped.
 */
function ensureEngines() {
  try {
    ensurePrograms([
      'redis-sentinel',
      'radosgw',
      'radosgw-admin',
      'ceph-mon',
      'ceph-mgr',
      'ceph-osd',
      'ceph',
    ])
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`${error.message}\n`)
  }
}

async function checkTypes() {
  const status = await runNode([join(root, 'node_modules', 'typescript', 'bin', 'tsc')])
  if (status !== 0) process.stderr.write('types: tsc found the errors above, so the run fails\n')
  return status
}

/** @param {readonly string[]} named */
function longArguments(named) {
  if (named.length === 0) return ['--no-file-parallelism', ...longTests.map(([folder]) => folder)]
  for (const [folder, reason] of longTests)
    if (!named.includes(folder))
      process.stderr.write(`skipped: ${folder} (${reason}); npm run test:all runs it\n`)
  return ['--no-file-parallelism', ...named]
}

function shortArguments() {
  return longTests.flatMap(([folder, reason]) => {
    process.stderr.write(`skipped: ${folder} (${reason}); npm run test:all runs it\n`)
    return ['--exclude', `${folder}/**`]
  })
}
