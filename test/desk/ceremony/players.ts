import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

import type { Ceremony } from '../../../src/desk/ceremony/ceremony.ts'
import type { Guide } from '../../../src/desk/ceremony/guide.ts'
import { foldersOf } from '../../../src/desk/ceremony/folders.ts'
import { HeldKey } from '../../../src/desk/ceremony/held-key.ts'
import { formatCard, parseCard } from '../../../src/keyring/card.ts'
import { makeIdentity, makeSigningKey } from '../../../src/keyring/make-keys.ts'
import { Secret } from '../../../src/keyring/secret.ts'
import { primitives } from '../../support/ceremony.ts'

export const ceremonyDay = '2026-11-23'
/**
 * Weak key derivation, for tests only: the commands offer no way to use less work than age and
 * minisign do.
 */
export const quickStretching = { logN: 4, limits: { ops: 32_768n, memoryBytes: 16_777_216n } }
export const passphraseOf = (name: string) => `the words on the paper of ${name}`

/** Makes the cards that people bring to the ceremony: a person's and the server's. */
export async function makeBroughtCards(folder: string): Promise<{ park: string; server: string }> {
  mkdirSync(folder, { recursive: true })
  const [park, server] = [join(folder, 'park.card.json'), join(folder, 'server.card.json')]
  writeFileSync(
    park,
    formatCard(
      (
        await makeIdentity(
          primitives,
          { name: 'park', role: 'lawyer', day: ceremonyDay },
          undefined,
        )
      ).card,
    ),
  )
  writeFileSync(server, formatCard(makeSigningKey('server', 'export', undefined).card))
  return { park, server }
}

/** Files that describe a machine without swap and with no network interface but lo. */
export function makePlaces(folder: string): Ceremony['places'] {
  const places = { interfaces: join(folder, 'net'), swaps: join(folder, 'swaps') }
  mkdirSync(join(places.interfaces, 'lo'), { recursive: true })
  writeFileSync(places.swaps, 'Filename Type Size\n')
  return places
}

/** The answers to each question that matches; each answer is used once, in order. */
export type Answers = ReadonlyArray<readonly [question: RegExp, answers: readonly string[]]>

export function usualAnswers(cards: { park: string; server: string }): Answers {
  return [
    [/^Is all of it so\?/, ['yes']],
    [/^Name of person 1/, ['김 순희']],
    [/^Name of person 2/, ['Lee']],
    [/^Name of person 3/, ['']],
    [/^How many papers/, ['']],
    [/^How many of them/, ['']],
    [/^Name of an analyst/, ['kim', cards.park, '']],
    [/^What does kim do/, ['']],
    [/^Path of the server's card/, [cards.server]],
    [/^The last day/, ['']],
    [/^Read aloud/, Array.from({ length: 5 }, () => 'yes')],
    [/^Are both on paper/, ['yes']],
    [/^Is the stick/, ['yes', 'yes', 'yes']],
    [/^Is it printed/, ['yes']],
  ]
}

export class StoppedByTest extends Error {}

/**
 * People who give the usual answers, until `stopsAt` selects a question at which the ceremony ends.
 */
export class Players implements Guide {
  readonly said: string[] = []
  readonly answered: string[] = []
  asked = 0
  readonly #answers: ReadonlyArray<{ question: RegExp; left: string[] }>
  readonly #stopsAt: (question: string) => boolean

  constructor(answers: Answers, stopsAt: (question: string) => boolean = () => false) {
    this.#answers = answers.map(([question, list]) => ({ question, left: [...list] }))
    this.#stopsAt = stopsAt
  }

  #count(question: string): void {
    this.asked += 1
    if (this.#stopsAt(question)) throw new StoppedByTest(question)
    this.answered.push(question)
  }

  say(line: string): void {
    this.said.push(line)
  }

  showFingerprint(groups: string): void {
    this.said.push(groups)
  }

  async ask(question: string): Promise<string> {
    this.#count(question)
    const answer = this.#answers.find((each) => each.question.test(question))?.left.shift()
    if (answer === undefined)
      throw new Error(
        `nobody knows an answer to ${JSON.stringify(question)}, after ${this.said.at(-1)}`,
      )
    return answer
  }

  async newPassphrase(name: string): Promise<Secret> {
    this.#count(`new passphrase of ${name}`)
    return Secret.fromText(passphraseOf(name))
  }

  async passphraseOf(path: string): Promise<Secret> {
    this.#count(`passphrase of ${path}`)
    return Secret.fromText(passphraseOf(basename(path, '.key')))
  }

  async readCard(path: string) {
    return parseCard(await readFile(path))
  }
}

export function makeCeremony(root: string, guide: Guide, places: Ceremony['places']): Ceremony {
  const folders = foldersOf(root)
  return {
    folders,
    guide,
    places,
    primitives,
    day: ceremonyDay,
    rootKey: new HeldKey(join(folders.safe, 'root.key'), guide),
    deskKey: new HeldKey(join(folders.desk, 'desk.key'), guide),
    stretching: quickStretching,
  }
}
