import { join, relative, resolve } from 'node:path'
import { settingsTable } from '../../config/settings.ts'
import type { Settings } from '../../config/settings.ts'
import { addressUrl } from './addresses.ts'

/** Shown on every start with a demo keyring, so that nobody mistakes it for a real one. */
export const demoWarning = [
  '*******************************************************************************',
  '*  DEMO KEYRING. The keys that open these tips lie on this very machine.      *',
  '*  Never take in a real tip with it. keys/README.md says how to hold the      *',
  '*  ceremony for a real keyring.                                               *',
  '*******************************************************************************',
].join('\n')

/** All commands from sealing a tip to reading it again, for a demo keyring. `{…}` is replaced. */
const walkCommands = [
  'echo "What happened, in plain words" | npx tumen seal -o tip.age',
  'npx tumen send tip.age --to {url}',
  'npx tumen export stick && npx tumen open stick --identity {identity} --casebook casebook',
]

/** The commands that ops need with a real keyring, whose tips are opened on other machines. */
const upkeepCommands = [
  'npx tumen status',
  'npx tumen keyring show',
  'npx tumen export /media/stick/new',
]

/** The text that is printed when all processes are ready. */
export function readyText(settings: Settings, isDemo: boolean): string {
  const lines = [
    '',
    `the page         ${addressUrl(settings.listen)}`,
    `health, metrics  ${addressUrl(settings.opsListen)}`,
  ]
  if (settings.onionSocket !== null) lines.push(`socket for tor   ${settings.onionSocket}`)
  const commands = isDemo ? walkCommands : upkeepCommands
  lines.push(
    '',
    'try next, in another terminal:',
    ...filledIn(commands, settings).map((command) => `  ${command}`),
  )
  return [...lines, '', 'ready; Ctrl-C stops everything in order', ''].join('\n')
}

function filledIn(commands: readonly string[], settings: Settings): string[] {
  const identity = shortPath(join(settings.dataDir, 'demo', 'demo.identity'))
  const filled = commands.map((command) =>
    command
      .replace('{url}', () => addressUrl(settings.listen))
      .replace('{identity}', () => identity),
  )
  return [...neededExports(settings), ...filled]
}

/**
 * Settings that must be exported so that the commands use the same folders and addresses as this
 * process.
 */
function neededExports(settings: Settings): string[] {
  const exports: string[] = []
  if (settings.dataDir !== resolve(settingsTable.dataDir.default))
    exports.push(`TUMEN_DATA_DIR=${shortPath(settings.dataDir)}`)
  if (settings.keysDir !== resolve(settingsTable.keysDir.default))
    exports.push(`TUMEN_KEYS_DIR=${shortPath(settings.keysDir)}`)
  return exports.length === 0 ? [] : [`export ${exports.join(' ')}`]
}

/** The path relative to the current folder if that is shorter, quoted if a shell requires it. */
function shortPath(path: string): string {
  const short = relative(process.cwd(), path)
  const shown = short !== '' && short.length < path.length ? short : path
  return /^[\w./+-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`
}
