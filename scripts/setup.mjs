/**
 * Installs what a fresh machine lacks. Runs on the Node of Debian 12 before any package is
 * installed, so it needs nothing but Node itself.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The oldest major version of Node that runs Tumen. */
const neededNode = 24
/**
 * Older versions of npm leave out binaries whose package asks for a newer Node than the one that
 * npm runs on.
 */
const neededNpm = 11
const nodeMajor = Number(process.versions.node.split('.')[0])
const isNewEnough = nodeMajor >= neededNode

/**
 * The oldest versions that the scripts and `npm ci` can start with. Debian 12 has Node 18.20 and
 * npm 9.2.
 */
const floor = { node: [18, 20], npm: [9, 2] }

/** @param {string} folder */
function bundledNode(folder) {
  return join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')
}

/** An error that a person can act on: `runScript` prints its message and sets exit status 1. */
export class SetupError extends Error {
  name = 'SetupError'
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`set-up: ${line}\n`)
}

/**
 * Installs from the lock file when node_modules is missing, is incomplete, or was installed from
 * another lock file. The stamp is written last, so an interrupted installation is repeated.
 *
 * @param {{ needs?: Need }} [options] `start`: without `devDependencies`, which are more than half
 *   of the packages and are there for tests and checks alone
 */
export function ensureModules({ needs = 'everything' } = {}) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(root, 'node_modules', '.tumen-lock')
  const [everything, start] = [lock, `${lock} start`]
  const stamped = readOr(stamp, '')
  // npm skips an optional package that it could not fetch, and the bundled Node is one.
  const hasNode = isNewEnough || existsSync(bundledNode(root))
  if (hasNode && (stamped === everything || (needs === 'start' && stamped === start))) return
  if (!hasNode || !isInstalled(needs))
    install(needs, { canAdd: hasNode && needs === 'everything' && stamped === start })
  writeFileSync(stamp, needs === 'start' && !isInstalled('everything') ? start : everything)
}

/** @typedef {'start' | 'everything'} Need */

const npmOptions = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
const npmCi = ['ci', ...npmOptions]

/**
 * @param {Need} needs
 * @param {{ canAdd: boolean }} state canAdd: the packages for `npm start` are installed. They are
 *   kept, because a Tumen that runs from this folder uses them.
 */
function install(needs, { canAdd }) {
  const npm = findNpm()
  const what = canAdd ? 'the packages for tests and checks' : 'packages'
  const how = canAdd ? 'npm install' : 'npm ci'
  say(`installing ${what} from package-lock.json (${how}); this takes a minute`)
  const command = canAdd ? ['install', '--no-save', ...npmOptions] : npmCi
  const omitted = needs === 'start' ? ['--omit=dev'] : []
  run(npm.program, [...npm.args, ...command, ...omitted], {
    cwd: root,
    wayOut: 'check the network, then try again',
  })
}

/**
 * The npm that installs the packages: the system's, or, where that is too old or runs on an old
 * Node, a newer one that it fetches first.
 * @returns {{ program: string, args: string[] }}
 */
export function findNpm() {
  const version = npmVersion()
  refuseBelow('Node', process.versions.node, floor.node)
  refuseBelow('npm', version, floor.npm)
  if (Number(version.split('.')[0]) >= neededNpm && nodeMajor >= 20)
    return { program: 'npm', args: [] }
  const folder = join(root, 'scripts', 'bootstrap')
  const [node, main] = [
    bundledNode(folder),
    join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  if (!existsSync(node) || !existsSync(main)) {
    say(
      `npm ${version} on Node ${process.versions.node} is too old to install everything: fetching newer ones`,
    )
    run('npm', npmCi, { cwd: folder, wayOut: 'check the network, then try again' })
  }
  return { program: node, args: [main] }
}

function npmVersion() {
  const { status, stdout } = spawnSync('npm', ['--version'], { encoding: 'utf8' })
  if (status === 0) return stdout.trim()
  throw new SetupError('npm is not installed: apt-get install npm, then try again')
}

/** @param {string} name @param {string} version @param {number[]} least major and minor */
function refuseBelow(name, version, [major = 0, minor = 0]) {
  const [haveMajor = 0, haveMinor = 0] = version.split('.').map(Number)
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return
  throw new SetupError(
    `${name} ${major}.${minor} or later is needed to install Tumen, this is ${version}. Debian 12 has it; ` +
      `elsewhere install a current Node (with its npm) from https://nodejs.org and try again`,
  )
}

/**
 * Whether npm's own record lists everything needed from the lock file that is for this machine, as
 * in a checkout that was set up by hand.
 * @param {Need} needs
 */
function isInstalled(needs) {
  const wanted = parseOr(readOr(join(root, 'package-lock.json'), ''))?.packages
  const present = parseOr(readOr(join(root, 'node_modules', '.package-lock.json'), ''))?.packages
  if (!wanted || !present) return false
  const names = Object.keys(wanted).filter(
    (name) => name !== '' && (needs === 'everything' || wanted[name].dev !== true),
  )
  return (
    names.every(
      (name) =>
        wanted[name].version === present[name]?.version ||
        (wanted[name].optional && !isForThisMachine(wanted[name])),
    ) && Object.keys(present).every((name) => wanted[name]?.version === present[name].version)
  )
}

/**
 * Whether an optional package is for this kind of machine. A package that names no processor is a
 * fallback for other machines and is never needed here.
 * @param {{ os?: string | string[], cpu?: string | string[], libc?: string[] }} entry of the lock
 * file
 */
function isForThisMachine({ os, cpu, libc }) {
  return (
    [os ?? []].flat().includes(process.platform) &&
    [cpu ?? []].flat().includes(process.arch) &&
    (libc === undefined || libc.includes(libcName()))
  )
}

function libcName() {
  const { glibcVersionRuntime } = process.report.getReport().header
  return glibcVersionRuntime === undefined ? 'musl' : 'glibc'
}

/**
 * The Node that runs Tumen: the current one if it is new enough, otherwise the one in the lock
 * file.
 * @returns {string} path of the program
 */
export function findNode() {
  if (isNewEnough) return process.execPath
  const bundled = bundledNode(root)
  if (existsSync(bundled)) return bundled
  throw new SetupError(
    `Node ${neededNode} or later is needed, this is ${process.versions.node} on ${process.platform}-${process.arch}, ` +
      `and the lock file has no Node for this platform: install Node ${neededNode} from https://nodejs.org and try again`,
  )
}

/** The Debian package of each program. */
const packages = {
  'redis-server': 'redis-server',
  age: 'age',
  minisign: 'minisign',
  tar: 'tar',
  exiftool: 'libimage-exiftool-perl',
  identify: 'imagemagick',
  'heif-convert': 'libheif-examples',
  tmux: 'tmux',
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  pdfinfo: 'poppler-utils',
  promtool: 'prometheus',
  prometheus: 'prometheus',
  faketime: 'faketime',
  tor: 'tor',
  'redis-sentinel': 'redis-sentinel',
  radosgw: 'radosgw',
  'radosgw-admin': 'radosgw',
  'ceph-mon': 'ceph-mon',
  'ceph-mgr': 'ceph-mgr',
  'ceph-osd': 'ceph-osd',
  ceph: 'ceph-common',
}

/** Packages that start a service of the same name when they are installed. */
const services = ['redis-server', 'redis-sentinel', 'prometheus', 'tor']

/**
 * Makes sure that the programs are installed. As root it may install them with apt-get, after
 * asking; otherwise the error names the one command to run.
 *
 * @param {Array<keyof typeof packages>} programs
 */
export function ensurePrograms(programs) {
  const missing = [
    ...new Set(
      programs.filter((program) => !isInPath(program)).map((program) => packages[program]),
    ),
  ]
  if (missing.length === 0) return
  const install = ['install', '-y', '--no-install-recommends', ...missing]
  const canInstall = process.getuid?.() === 0 && isInPath('apt-get')
  if (!canInstall || !mayInstall(missing))
    throw new SetupError(
      `${missing.join(', ')} not found. Run this, then try again:\n  ${wayOut(missing)}` +
        (canInstall ? '\nor set INSTALL_PROGRAMS=yes to have it run for you' : ''),
    )
  say(`installing ${missing.join(', ')} with apt-get`)
  if (!tryApt(install)) {
    say('updating the package lists first (apt-get update)')
    tryApt(['update'])
    run('apt-get', aptArguments(install), { env: aptEnvironment(), wayOut: wayOut(missing) })
  }
  for (const service of services) if (missing.includes(service)) keepServiceOff(service)
}

/**
 * Whether apt-get may install packages on this machine: CI=true and INSTALL_PROGRAMS=yes allow it,
 * else a person at the terminal is asked. Without a terminal the answer is no.
 *
 * @param {string[]} missing
 */
function mayInstall(missing) {
  if (process.env.CI === 'true' || process.env.INSTALL_PROGRAMS === 'yes') return true
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false
  process.stderr.write(`set-up: install ${missing.join(', ')} with apt-get now? [y/N] `)
  return /^y(es)?$/i.test(readLine().trim())
}

/** Reads one line from the terminal; empty at the end of the input. */
function readLine() {
  const buffer = Buffer.alloc(256)
  return buffer.toString('utf8', 0, readSync(0, buffer))
}

/** @param {string[]} missing */
function wayOut(missing) {
  if (!isInPath('apt-get')) return `(install with your package manager) ${missing.join(' ')}`
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`
}

/**
 * Makes sure that redis-server is installed, unless TUMEN_REDIS_URL names a Redis: no private one
 * is started then.
 */
export function ensureRedis() {
  if (!process.env.TUMEN_REDIS_URL) ensurePrograms(['redis-server'])
}

/**
 * Debian's redis-server, prometheus and tor packages each start a service, which would be open to
 * every user of the machine or connect to the public network. SYSTEMD_OFFLINE and RUNLEVEL prevent
 * that, with systemd and without it, and leave no file behind.
 */
function aptEnvironment() {
  return { ...process.env, DEBIAN_FRONTEND: 'noninteractive', SYSTEMD_OFFLINE: '1', RUNLEVEL: '1' }
}

/** @param {string[]} args */
function aptArguments(args) {
  return ['-qq', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=120', ...args]
}

/** @param {string[]} args */
function tryApt(args) {
  // Silent, because the first attempt fails if the package lists are outdated. The next attempt is
  // shown.
  return (
    spawnSync('apt-get', aptArguments(args), { env: aptEnvironment(), stdio: 'ignore' }).status ===
    0
  )
}

/**
 * Keeps the service from starting at the next boot, for which the package enables it. Nothing else
 * can rely on the service, because the package has just been installed.
 * @param {string} service
 */
function keepServiceOff(service) {
  spawnSync('update-rc.d', [service, 'disable'], { env: aptEnvironment(), stdio: 'ignore' })
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, wayOut: string }} options
 */
function run(program, args, options) {
  const { status, error } = spawnSync(program, args, { ...options, stdio: ['ignore', 2, 2] })
  if (status === 0) return
  const how = error ? error.message : `status ${status}`
  throw new SetupError(`${program} ${args[0]} failed (${how}): ${options.wayOut}`)
}

/** @param {string} program */
function isInPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, program)))
}

/** @param {string} path @param {string} otherwise */
function readOr(path, otherwise) {
  return existsSync(path) ? readFileSync(path, 'utf8') : otherwise
}

/** @param {string} text */
function parseOr(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Runs a script. A SetupError becomes one line on stderr and exit status 1.
 * @param {() => Promise<number> | number} script returns the exit status
 */
export async function runScript(script) {
  try {
    process.exitCode = await script()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    process.exitCode = 1
  }
}
