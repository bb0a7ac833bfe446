import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Language } from '../../src/page/languages.ts'
import { homePage } from '../../src/page/pages.ts'

/** Bytes transferred, gzipped as the intake does it. */
export interface PageWeight {
  /** What must be loaded before a person can write, and the start of the sealing worker. */
  first: Readonly<Record<'html' | 'style' | 'app' | 'words' | 'sealing', number>>
  /** What is loaded right after that, or when a person adds a file. */
  later: Readonly<
    Record<
      | 'keyringCheck'
      | 'seal'
      | 'upload'
      | 'later'
      | 'laterWords'
      | 'fastBulk'
      | 'chunkWorkerTwice'
      | 'cleaning',
      number
    >
  >
}

const keyring = {
  hex: '0123456789abcdef'.repeat(4),
  fingerprint: ['55386', '30627', '41275', '97856', '64649', '64403', '57742', '38968'],
  recipients: [
    { name: '김 분석가', role: 'analyst' },
    { name: 'Ms. Park', role: 'lawyer' },
  ],
  expires: '2027-11-24',
}

/** @param dir folder of the built page */
export function weighPage(dir: string, language: Language): PageWeight {
  const names = readdirSync(join(dir, 'assets'))
  const weigh = (bytes: string | Buffer): number => gzipSync(bytes, { level: 9 }).length
  const file = (pattern: RegExp): number => {
    const name = names.find((candidate) => pattern.test(candidate))
    if (name === undefined) throw new Error(`no file of the build matches ${pattern}`)
    return weigh(readFileSync(join(dir, 'assets', name)))
  }
  return {
    first: {
      html: weigh(homePage({ language, isDemo: false, host: `${'a'.repeat(56)}.onion`, keyring })),
      style: file(/^style\.css$/),
      app: file(/^app\.js$/),
      words: file(new RegExp(`^words-${language}-first-`)),
      sealing: file(/^worker-/),
    },
    later: {
      keyringCheck: file(/^trusted-keyring-/),
      seal: file(/^seal-envelope-/),
      upload: file(/^upload-round-/),
      later: file(/^deferred-/),
      laterWords: file(new RegExp(`^words-${language}-later-`)),
      fastBulk: file(/^fast-bulk-/),
      chunkWorkerTwice: 2 * file(/^chunk-worker-/),
      cleaning: file(/^clean-/),
    },
  }
}

export const sumOf = (weights: Readonly<Record<string, number>>): number =>
  Object.values(weights).reduce((sum, bytes) => sum + bytes, 0)
