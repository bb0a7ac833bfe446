import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Language } from '../../src/page/languages.ts'
import { homePage } from '../../src/page/pages.ts'

/** Bytes transferred, gzipped as the intake does it. */
export interface PageWeight {
  /** What must be loaded before a person can write, and the start of the sealing worker. */
  first: Readonly<Record<'html' | 'style' | 'start' | 'app' | 'words' | 'sealing', number>>
  /** The list of words. */
  list: number
  /** What is loaded right after the form can be used, or when a person adds a file. */
  later: Readonly<Record<'restOfWorker' | 'later' | 'laterWords' | 'chunkWorkerTwice', number>>
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

const rootKey = 'RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3'

/**
 * Weighs files together with what they import, each file once: code that two of them share counts
 * for the one that is loaded first.
 */
class Scale {
  readonly #assets: string
  readonly #names: readonly string[]
  readonly #weighed = new Set<string>()

  constructor(dir: string) {
    this.#assets = join(dir, 'assets')
    this.#names = readdirSync(this.#assets)
  }

  weigh(pattern: RegExp): number {
    const name = this.#names.find((candidate) => pattern.test(candidate))
    if (name === undefined) throw new Error(`no file of the build matches ${pattern}`)
    return this.#weighNamed(name)
  }

  #weighNamed(name: string): number {
    if (this.#weighed.has(name)) return 0
    this.#weighed.add(name)
    const bytes = readFileSync(join(this.#assets, name))
    const imported = [
      ...bytes.toString('utf8').matchAll(/(?:from|import)\s?["'`]\.\/([\w.-]+\.js)["'`]/g),
    ]
    return imported.reduce(
      (sum, [, other = '']) => sum + this.#weighNamed(other),
      gzippedBytes(bytes),
    )
  }
}

const gzippedBytes = (bytes: string | Buffer): number => gzipSync(bytes, { level: 9 }).length

/** The list of words that the page of this language loads. */
const listOf = (language: Language): string =>
  language === 'ko' || language === 'zh' ? language : 'en'

/** @param dir folder of the built page */
export function weighPage(dir: string, language: Language): PageWeight {
  const scale = new Scale(dir)
  const home = homePage({
    language,
    isDemo: false,
    host: `${'a'.repeat(56)}.onion`,
    keyring,
    script: { rootKey, preloads: [`/assets/words-${language}-first-01234567.js`] },
  })
  return {
    first: {
      html: gzippedBytes(home),
      style: scale.weigh(/^style\.css$/),
      start: scale.weigh(/^start\.js$/),
      app: scale.weigh(/^app\.js$/),
      words: scale.weigh(new RegExp(`^words-${language}-first-`)),
      sealing: scale.weigh(/^worker-/),
    },
    later: {
      restOfWorker: scale.weigh(/^rest-of-worker-/),
      later: scale.weigh(/^deferred-/),
      laterWords: scale.weigh(new RegExp(`^words-${language}-later-`)),
      chunkWorkerTwice: 2 * scale.weigh(/^chunk-worker-/),
    },
    list: scale.weigh(new RegExp(`^${listOf(language)}-[\\w-]{8}\\.js$`)),
  }
}

export const sumOf = (weights: Readonly<Record<string, number>>): number =>
  Object.values(weights).reduce((sum, bytes) => sum + bytes, 0)
