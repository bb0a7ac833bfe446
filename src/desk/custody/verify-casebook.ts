import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Check } from 'typebox/schema'
import { readBounded } from '../../disk/small-files.ts'
import { answerFileName, layoutOf, tipLayoutOf } from '../files/layout.ts'
import { OpenedRecord } from '../files/opened-record.ts'
import { pageSumsName, parsePageSums } from '../files/page-sums.ts'
import { Trip } from '../files/trip.ts'
import { maxTripBytes } from '../files/bounds.ts'
import type { CustodyLine } from './chain.ts'
import { checkChain } from './check-chain.ts'
import { lockLitter } from './lock.ts'

export interface CasebookVerdict {
  tips: number
  originals: number
  /** Number of lines in the custody log. */
  lines: number
  head: { seq: number; sha256: string } | null
  problems: { item: string; why: string }[]
}

const maxRecordBytes = 16 * 1024 * 1024
const receiptPattern = /^[0-9a-f]{64}$/
/**
 * Files that the program can rebuild at any time, or that the analysts write for themselves. The
 * custody log has no digests of them; those of the first three are in `site/SHA256SUMS`.
 */
const made = [
  'index.html',
  'index.sqlite',
  'site',
  '.lock',
  'windows.json',
  'submitter.txt',
  'answers',
  'reply-settings.json',
]

const unfinishedSites = ['.site-new', 'site-old']

/**
 * Checks a casebook against its records: the chain of the custody log, each envelope against its
 * name, each file of a tip against the digest taken when the tip was opened, and each case file
 * against its last recorded change. Everything wrong is reported as a problem, never thrown.
 */
export async function verifyCasebook(
  casebook: string,
  onBytes: (bytes: number) => void,
): Promise<CasebookVerdict> {
  const chain = await checkChain(casebook)
  const problems = chain.problems.map((why) => ({ item: 'custody.jsonl', why }))
  const check = new CasebookCheck(casebook, chain.lines, onBytes, problems)
  const [tips, originals] = [await check.tips(), await check.originals()]
  await check.workingCopies()
  await check.aside()
  await check.replies()
  await check.pages()
  await check.unfinishedPages()
  await check.answers()
  check.missing()
  await check.strangers()
  return { tips, originals, lines: chain.lines.length, head: chain.head, problems }
}

class CasebookCheck {
  readonly #casebook: string
  readonly #onBytes: (bytes: number) => void
  readonly #problems: CasebookVerdict['problems']
  /** The last line for each pair of action and item. */
  readonly #last = new Map<string, CustodyLine>()
  readonly #seen = new Set<string>()

  constructor(
    casebook: string,
    lines: readonly CustodyLine[],
    onBytes: (bytes: number) => void,
    problems: CasebookVerdict['problems'],
  ) {
    this.#casebook = casebook
    this.#onBytes = onBytes
    this.#problems = problems
    for (const line of lines) this.#last.set(`${line.action} ${line.item}`, line)
  }

  async tips(): Promise<number> {
    const names = await namesIn(layoutOf(this.#casebook).tips)
    for (const name of names) {
      if (receiptPattern.test(name)) await this.#tip(name)
      else if (name !== '.lock' && !lockLitter.test(name))
        this.#report(join('tips', name), 'it is no tip: nobody wrote it down')
    }
    return names.filter((name) => receiptPattern.test(name)).length
  }

  async originals(): Promise<number> {
    const folder = layoutOf(this.#casebook).originals
    const names = await namesIn(folder)
    for (const name of names) {
      const receipt = name.replace(/\.age$/, '')
      if (!name.endsWith('.age') || !receiptPattern.test(receipt))
        this.#report(join('originals', name), 'it is no envelope: nobody wrote it down')
      else if ((await this.#digest(join(folder, name))) !== receipt)
        this.#report(join('originals', name), 'it is not the envelope it is named by')
      else this.#seen.add(receipt)
    }
    return names.length
  }

  /** Checks each Dangerzone copy against the digest taken when it was made. */
  async workingCopies(): Promise<void> {
    const folder = join(this.#casebook, 'working')
    for (const path of await filesBelow(folder)) {
      const item = join('working', path)
      const made = this.#last.get(`attachment_converted ${item}`)
      if (made === undefined) this.#report(item, 'nobody wrote it down')
      else if ((await this.#digest(join(folder, path))) !== made.sha256)
        this.#report(item, 'it was changed')
      this.#seen.add(item)
    }
  }

  /** Checks that the log mentions every record of an envelope that was put aside. */
  async aside(): Promise<void> {
    const folder = layoutOf(this.#casebook).aside
    for (const path of await filesBelow(folder)) {
      if (path === '.lock' || lockLitter.test(path)) continue
      const item = join('aside', path)
      const receipt = path.replace(/\.json$/, '')
      const noted = this.#last.get(`envelope_put_aside ${receipt}`)
      if (noted === undefined || !path.endsWith('.json')) this.#report(item, 'nobody wrote it down')
      else if ((await readAsideCode(join(folder, path))) !== noted.reason)
        this.#report(item, 'it was changed: it does not give the reason in the log')
    }
  }

  /** Checks what sticks brought against the log, and each drop against the record of its trip. */
  async replies(): Promise<void> {
    const { replies, replyBook } = layoutOf(this.#casebook)
    for (const path of await filesBelow(replies)) {
      const item = join('replies', path)
      const file = join(replies, path)
      const isBook = file === replyBook
      this.#seen.add(item)
      if (path.endsWith('.tar')) {
        const trip = await readTrip(file.replace(/\.tar$/, '.json'))
        if (trip === null) this.#report(item, 'nobody wrote it down')
        else if ((await this.#digest(file)) !== trip.sha256) this.#report(item, 'it was changed')
        continue
      }
      const noted = this.#last.get(`${isBook ? 'replies_changed' : 'drop_written'} ${item}`)
      if (noted === undefined) this.#report(item, 'nobody wrote it down')
      else if ((await this.#digest(file)) !== noted.sha256) this.#report(item, 'it was changed')
    }
  }

  /** Checks each page of the site, and the index, against the digest taken when it was built. */
  async pages(): Promise<void> {
    const { site } = layoutOf(this.#casebook)
    const found = (await filesBelow(site)).map((path) => `site/${path.replaceAll('\\', '/')}`)
    const sums = await readBounded(join(site, pageSumsName), maxRecordBytes).catch(() => null)
    if (sums === null) {
      if (found.length > 0)
        this.#report(
          join('site', pageSumsName),
          'it is missing, so the pages cannot be checked: build them with "tumen case refresh"',
        )
      return
    }
    const expected = parsePageSums(new TextDecoder().decode(sums))
    for (const path of found)
      if (!expected.has(path) && path !== `site/${pageSumsName}`)
        this.#report(path, 'nobody wrote it down')
    for (const path of ['index.html', 'index.sqlite'])
      if (!expected.has(path))
        this.#report(path, 'it has no digest in site/SHA256SUMS: run "tumen case refresh"')
    for (const [path, digest] of expected)
      if ((await this.#digest(join(this.#casebook, path))) !== digest)
        this.#report(path, 'it was changed, or a refresh was stopped: run "tumen case refresh"')
  }

  /** Reports pages of a refresh that was stopped: nobody has checked what is in them. */
  async unfinishedPages(): Promise<void> {
    for (const folder of unfinishedSites)
      for (const path of await filesBelow(join(this.#casebook, folder)))
        this.#report(join(folder, path), 'a stopped refresh left it: run "tumen case refresh"')
  }

  /** Reports what is no standard answer; the analysts change the answers themselves. */
  async answers(): Promise<void> {
    for (const path of await filesBelow(layoutOf(this.#casebook).answers))
      if (!answerFileName.test(path)) this.#report(join('answers', path), 'nobody wrote it down')
  }

  /** Reports items that the log says were kept and that no longer exist. */
  missing(): void {
    for (const [key, { sha256, item }] of this.#last) {
      const isKept =
        key.startsWith('envelope_taken_in ') ||
        (key.startsWith('envelope_put_aside ') && sha256 !== null)
      if (isKept && !this.#seen.has(item))
        this.#report(join('originals', `${item}.age`), 'it is missing')
      const isCase = key.startsWith('envelope_opened ') || key.startsWith('case_written ')
      if (isCase && !this.#seen.has(`tip ${item}`))
        this.#report(join('tips', item), 'it is missing')
      const isWritten = ['attachment_converted ', 'replies_changed ', 'drop_written '].some(
        (action) => key.startsWith(action),
      )
      if (isWritten && !this.#seen.has(item)) this.#report(item, 'it is missing')
    }
  }

  async strangers(): Promise<void> {
    const known = new Set([
      'tips',
      'originals',
      'aside',
      'working',
      'replies',
      'custody.jsonl',
      ...unfinishedSites,
      ...made,
    ])
    for (const name of await namesIn(this.#casebook))
      if (!known.has(name) && !/^\.index-.*\.tmp$/.test(name) && !lockLitter.test(name))
        this.#report(name, 'nobody wrote it down')
  }

  async #tip(receipt: string): Promise<void> {
    this.#seen.add(`tip ${receipt}`)
    const layout = tipLayoutOf(this.#casebook, receipt)
    const opened =
      this.#last.get(`envelope_opened ${receipt}`) ?? this.#last.get(`case_written ${receipt}`)
    if (opened === undefined)
      this.#report(join('tips', receipt), 'the custody log does not say that it was opened')
    const record = await readRecord(layout.opened)
    if (record === null)
      return this.#report(
        join('tips', receipt, 'opened.json'),
        'it cannot be read, so its files cannot be checked',
      )
    const expected = new Map(record.attachments.map(({ path, sha256 }) => [path, sha256]))
    if (opened?.sha256) expected.set('tip.json', opened.sha256)
    const changed = this.#last.get(`case_changed ${receipt}`)
    if (changed?.sha256) expected.set('case.json', changed.sha256)
    await this.#files(receipt, layout.folder, expected, opened)
  }

  async #files(
    receipt: string,
    folder: string,
    expected: Map<string, string>,
    opened: CustodyLine | undefined,
  ): Promise<void> {
    for (const path of await filesBelow(folder)) {
      const item = join('tips', receipt, path)
      const digest = expected.get(path)
      expected.delete(path)
      if (path === 'opened.json') await this.#record(item, join(folder, path), opened)
      else if (digest === undefined)
        this.#report(
          item,
          path === 'tip.json' || path === 'case.json'
            ? 'the custody log has no digest of it'
            : 'nobody wrote it down',
        )
      else if ((await this.#digest(join(folder, path))) !== digest)
        this.#report(item, 'it was changed')
    }
    for (const path of expected.keys()) this.#report(join('tips', receipt, path), 'it is missing')
  }

  /**
   * Checks `opened.json`, whose digest is in the reason of the log line that records the opening.
   */
  async #record(item: string, path: string, opened: CustodyLine | undefined): Promise<void> {
    const noted = /opened\.json ([0-9a-f]{64})$/.exec(opened?.reason ?? '')?.[1]
    if (noted !== undefined && (await this.#digest(path)) !== noted)
      this.#report(item, 'it was changed')
  }

  async #digest(path: string): Promise<string> {
    const hash = createHash('sha256')
    try {
      for await (const piece of createReadStream(path, {
        highWaterMark: 1024 * 1024,
      }) as AsyncIterable<Buffer>) {
        hash.update(piece)
        this.#onBytes(piece.length)
      }
    } catch {
      return 'unreadable'
    }
    return hash.digest('hex')
  }

  #report(item: string, why: string): void {
    this.#problems.push({ item, why })
  }
}

async function readAsideCode(path: string): Promise<unknown> {
  try {
    const bytes = await readBounded(path, maxRecordBytes)
    return (JSON.parse(new TextDecoder().decode(bytes ?? undefined)) as { code?: unknown }).code
  } catch {
    return undefined
  }
}

async function readRecord(path: string): Promise<OpenedRecord | null> {
  try {
    const bytes = await readBounded(path, maxRecordBytes)
    const value: unknown =
      bytes === null ? null : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return Check(OpenedRecord, value) ? value : null
  } catch {
    return null
  }
}

async function readTrip(path: string): Promise<{ sha256: string } | null> {
  try {
    const bytes = await readBounded(path, maxTripBytes)
    const value: unknown = bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes))
    return Check(Trip, value) ? value : null
  } catch {
    return null
  }
}

/** Every entry except folders. Links are included, because the program never creates any. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort()
}
