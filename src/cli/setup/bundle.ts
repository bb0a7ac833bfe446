import { readdir } from 'node:fs/promises'
import { release } from 'node:os'
import { join } from 'node:path'
import {
  isNear,
  type Setting,
  type Settings,
  SettingsError,
  settingsTable,
} from '../../../config/settings.ts'
import { readBounded } from '../../disk/small-files.ts'
import type { Finding } from '../../doctor/finding.ts'
import { loadSignedKeyring } from '../../keyring/load.ts'
import { createLedgerCheck } from '../../ledger/follow.ts'
import { readDataFormat } from '../../store/data-folder.ts'
import { PREFIXES } from '../../store/layout.ts'
import { type CliContext, version } from '../frame/context.ts'
import { askOps } from '../server/status.ts'
import { openVault } from '../server/vault.ts'
import { examine } from './doctor.ts'
import { createScrubber } from './scrub.ts'

/** Folder in which the systemd services keep the last output lines of each process. */
const lastWordsDir = '/run/tumen'
const maxLastWordsBytes = 16 * 1024
const maxLines = 20

/** What a maintainer needs to understand a fault; contains no names of people or places. */
export interface Bundle {
  version: { tumen: string; data: number | null; node: string; kernel: string; machine: string }
  /**
   * Each setting by name: a number as its value, any other value only as whether and how it is set.
   */
  settings: Record<string, string | number> | string
  /** Codes of the problems that /readyz reports; null when ops does not answer. */
  problems: string[] | null
  doctor: Array<Pick<Finding, 'check' | 'level' | 'says'>>
  ledger: { isWhole: boolean } | null
  /** Envelopes by folder, rounded up to 10, 100, 1000 …; null without a vault. */
  envelopes: Record<string, number> | null
  /** The last lines of each process, newest last. */
  lastWords: Record<string, string[]>
}

export async function gatherBundle(
  context: CliContext,
  wordsDir: string = lastWordsDir,
): Promise<Bundle> {
  const settings = await context.settings().catch((error: unknown) => {
    if (error instanceof SettingsError) return null
    throw error
  })
  const scrub = createScrubber(await secretsOf(settings))
  const findings = await examine(context, null)
  return {
    version: {
      tumen: version,
      data: settings && (await dataVersionOf(settings)),
      node: process.versions.node,
      kernel: release(),
      machine: `${process.platform} ${process.arch}`,
    },
    settings: settings === null ? 'cannot be read' : describeSettings(settings),
    problems: settings && (await problemsOf(settings)),
    doctor: findings.map(({ check, level, says }) => ({ check, level, says: scrub(says) })),
    ledger: settings && (await ledgerOf(settings)),
    envelopes: settings && (await envelopesOf(context, settings)),
    lastWords: await lastWordsIn(wordsDir, scrub),
  }
}

/**
 * Texts to remove: all setting values that are texts, and the names of the people in the keyring.
 */
async function secretsOf(settings: Settings | null): Promise<string[]> {
  if (settings === null) return []
  const people = await loadSignedKeyring(settings.keysDir).then(
    ({ keyring }) => [...keyring.recipients, ...keyring.signers].map(({ name }) => name),
    () => [],
  )
  const texts = (value: unknown): string[] => {
    if (typeof value === 'string') return [value]
    if (value instanceof URL) return [value.href, value.hostname, value.username, value.password]
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
  }
  return [...people, ...texts(settings)]
}

function describeSettings(settings: Settings): Record<string, string | number> {
  const entries = Object.entries<Setting<unknown>>(settingsTable).map(([field, { name }]) => [
    name,
    describe(settings[field as keyof Settings]),
  ])
  return Object.fromEntries(entries) as Record<string, string | number>
}

function describe(value: Settings[keyof Settings]): string | number {
  if (value === null) return 'not set'
  if (typeof value === 'number') return value
  if (typeof value !== 'object' || value instanceof URL || 'length' in value) return 'set'
  if ('kind' in value) return value.kind
  if ('path' in value) return 'a unix socket'
  if ('port' in value) return isNear(value) ? 'loopback' : 'another address'
  return 'set'
}

async function dataVersionOf({ dataDir }: Settings): Promise<number | null> {
  return await readDataFormat(dataDir).then(
    ({ version: written }) => written,
    () => null,
  )
}

async function problemsOf(settings: Settings): Promise<string[] | null> {
  const text = await askOps(settings, '/readyz').catch(() => null)
  const codes = text?.matchAll(/"code":"([A-Z_]{1,40})"/g)
  return codes === undefined ? null : [...codes].map(([, code = '']) => code)
}

async function ledgerOf({ dataDir }: Settings): Promise<Bundle['ledger']> {
  const isWhole = await createLedgerCheck(join(dataDir, 'ledger.jsonl'))
    .isWhole()
    .catch(() => null)
  return isWhole === null ? null : { isWhole }
}

async function envelopesOf(context: CliContext, settings: Settings): Promise<Bundle['envelopes']> {
  const store = await openVault(context, settings).catch(() => null)
  if (store === null) return null
  const counts: Record<string, number> = {}
  for (const prefix of PREFIXES) {
    let count = 0
    for await (const _entry of store.list(prefix)) count += 1
    counts[prefix] = count === 0 ? 0 : 10 ** Math.max(1, Math.ceil(Math.log10(count)))
  }
  return counts
}

async function lastWordsIn(
  dir: string,
  scrub: (text: string) => string,
): Promise<Record<string, string[]>> {
  const words: Record<string, string[]> = {}
  for (const name of (await readdir(dir).catch(() => [])).sort()) {
    const [, role] = /^(intake|worker|ops|redis|tor)\.last-words$/.exec(name) ?? []
    if (role === undefined) continue
    const bytes = await readBounded(join(dir, name), maxLastWordsBytes).catch(() => null)
    const lines = new TextDecoder().decode(bytes ?? new Uint8Array()).split('\n')
    words[role] = lines
      .filter((line) => line.trim() !== '')
      .slice(-maxLines)
      .map(scrub)
  }
  return words
}
