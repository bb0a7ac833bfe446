import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../../supervise/start.ts'

/** One running tor of the network. */
export interface TorProcess {
  readonly pid: number
  stop(): Promise<void>
}

export const isTorInstalled = (): boolean =>
  ['tor', 'tor-gencert'].every((program) => {
    const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' })
    return error === undefined
  })

/**
 * Writes the torrc; tor's own defaults file is never read, because it may belong to a system
 * service.
 */
export function writeTorrc(dir: string, lines: readonly string[]): void {
  mkdirSync(join(dir, 'data'), { recursive: true, mode: 0o700 })
  writeFileSync(join(dir, 'torrc'), [...lines, ''].join('\n'))
}

const torArguments = (dir: string): string[] => [
  '--defaults-torrc',
  join(dir, 'no-defaults'),
  '-f',
  join(dir, 'torrc'),
]

export async function spawnTor(dir: string): Promise<TorProcess> {
  // tor exits on a refused line before it opens its log.
  run('tor', ['--verify-config', ...torArguments(dir)])
  const child = spawn('tor', ['--quiet', ...torArguments(dir)], { stdio: 'ignore' })
  await once(child, 'spawn')
  return { pid: child.pid ?? 0, stop: () => endProcess(child) }
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** @throws with the last lines of the log if tor does not report it within `timeoutMs`. */
export async function untilBootstrapped(dir: string, timeoutMs: number): Promise<void> {
  await until(
    () => logOf(dir).includes('Bootstrapped 100%'),
    () => `the tor in ${dir} to connect; its log ends:\n${logOf(dir).slice(-2000)}`,
    timeoutMs,
  )
}

function logOf(dir: string): string {
  const path = join(dir, 'log')
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** Makes the keys of a relay, and prints their fingerprint. */
export function fingerprintOf(dir: string): string {
  const output = run('tor', [...torArguments(dir), '--quiet', '--list-fingerprint'])
  const fingerprint = /([0-9A-F]{4} ?){10}/.exec(output)?.[0].replaceAll(' ', '')
  if (fingerprint === undefined) throw new Error(`tor printed no fingerprint: ${output}`)
  return fingerprint
}

/** Makes the long-term and the signing key of a directory authority. @returns its v3ident. */
export function makeAuthorityKeys(dir: string, dirPort: number): string {
  const keys = join(dir, 'data', 'keys')
  mkdirSync(keys, { recursive: true, mode: 0o700 })
  const at = (name: string): string => join(keys, name)
  run(
    'tor-gencert',
    [
      '--create-identity-key',
      '-i',
      at('authority_identity_key'),
      '-s',
      at('authority_signing_key'),
      '-c',
      at('authority_certificate'),
      '-m',
      '1',
      '-a',
      `127.0.0.1:${dirPort}`,
      '--passphrase-fd',
      '0',
    ],
    'not a secret\n',
  )
  const ident = /^fingerprint ([0-9A-F]{40})$/m.exec(
    readFileSync(at('authority_certificate'), 'utf8'),
  )?.[1]
  if (ident === undefined) throw new Error('tor-gencert wrote no fingerprint')
  return ident
}

function run(program: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8' })
  if (status === 0) return stdout
  throw new Error(`${program} failed: ${error?.message ?? stdout + stderr}`)
}
