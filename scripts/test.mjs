/**
 * `npm test [-- arguments for vitest]` checks the types and runs every test that needs no browser,
 * no Tor network and no idle machine. `--long [FOLDER or FILE …]` runs the other tests, or only those
 * in the named folders and files. Long test files run one after the other, because two browsers at once on two
 * cores would distort each other's measurements.
 */
import { join } from 'node:path'
import { longTests } from './long-tests.mjs'
import { ensurePage } from './page.mjs'
import { ensureProgram } from './program.mjs'
import { runNode } from './run-node.mjs'
import { ensureModules, ensurePrograms, root, runScript, SetupError } from './setup.mjs'

// Tests use file names in Korean, which Firefox can read only in a UTF-8 locale.
process.env.LC_ALL = 'C.UTF-8'

await runScript(async () => {
  const given = process.argv.slice(2)
  const isLong = given.includes('--long')
  const named = isLong ? given.filter((argument) => argument.startsWith('test/')) : []
  refuseShort(named)
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
  await ensureProgram()
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

/** @param {string} path */
function isSeveral(path) {
  return path.startsWith('test/several')
}

/**
 * A path in no long folder would name nothing to run, and then all long tests would run.
 * @param {readonly string[]} named
 */
function refuseShort(named) {
  const short = named.find((path) => !longTests.some(([folder]) => isIn(path, folder)))
  if (short !== undefined)
    throw new SetupError(`${short} is in no folder of long tests; npm test prints them`)
}

/**
 * @param {string} path
 * @param {string} folder
 */
function isIn(path, folder) {
  return path === folder || path.startsWith(`${folder}/`)
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
    if (!named.some((path) => isIn(path, folder)))
      process.stderr.write(`skipped: ${folder} (${reason}); npm run test:all runs it\n`)
  return ['--no-file-parallelism', ...named]
}

function shortArguments() {
  return longTests.flatMap(([folder, reason]) => {
    process.stderr.write(`skipped: ${folder} (${reason}); npm run test:all runs it\n`)
    return ['--exclude', `${folder}/**`]
  })
}
