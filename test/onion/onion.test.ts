import { readFile, stat, writeFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chooseFiles, follow, isThere, textOf, type } from '../browser/support/acts.ts'
import { isInstalled } from '../browser/support/installed.ts'
import type { Launched, Level } from '../browser/support/launch.ts'
import { launch, phone } from '../browser/support/launch.ts'
import { pictureWithoutPlace, pictureWithPlace } from '../browser/support/pictures.ts'
import { quick, quickTipOf, withoutReply } from '../browser/support/quick-tip.ts'
import { sealWithAge, sealWithTumen } from '../browser/support/site.ts'
import {
  chooseTipFiles,
  fillIn,
  goToSourcePage,
  hooks,
  send,
  untilReceipt,
} from '../browser/support/source-page.ts'
import { until } from '../supervise/start.ts'
import { sha256 } from '../support/sealed.ts'
import { writeSeeded } from '../support/seeded.ts'
import { isTorInstalled } from '../support/tornet/tor-process.ts'
import { digestsBelow, filesBelow, needlesIn, sha256OfFile } from '../support/tree.ts'
import type { OnionSite } from './support/onion-site.ts'
import { startOnionSite } from './support/onion-site.ts'
import type { Passed } from './support/wire.ts'

/**
 * Sources reach a real Tumen over real circuits. Each test continues where the previous one ended.
 */

if (!isTorInstalled()) process.stderr.write('skipped: the way over Tor (tor is not installed)\n')

const mebibyte = 1024 * 1024
const photo = '체포 장면 사진.jpg'
const video = '국경 쪽 영상.bin'
const recording = 'recording.bin'
const narrative = 'They were taken at the river. The line may break.'

const tip = {
  narrative:
    '11월 4일 새벽 선양에서 세 사람이 잡혀갔습니다.\n“어디로 갔는지 모릅니다.” <b>&amp;</b>',
  lang: 'ko',
  persons: [
    { names: [{ text: '리영희', script: 'Hang' }], sex: 'female', birth: '1989~', status: 'held' },
  ],
}

/** The content that the desk must find in an envelope. */
interface Sent {
  tip: object
  /** SHA-256 by file name. */
  attachments: Record<string, string>
}

// A circuit through Tor may fail, so each test may be retried once.
describe.skipIf(!isTorInstalled())('over Tor', { retry: 1 }, () => {
  let onion: OnionSite
  const sent = new Map<string, Sent>()
  const at = (...parts: string[]) => onion.site.at(...parts)
  const digests: Record<string, string> = {}
  const described = (name: string, bytes: number, more: object) => ({
    name,
    bytes,
    sha256: digests[name],
    ...more,
  })

  beforeAll(async () => {
    onion = await startOnionSite()
    await writeFile(at(photo), pictureWithPlace())
    await writeSeeded(at(video), 'video', 3 * mebibyte + 17)
    await writeSeeded(at(recording), 'recording', 24 * mebibyte)
    for (const name of [photo, video, recording]) digests[name] = await sha256OfFile(at(name))
  }, 180_000)
  afterAll(async () => {
    await onion?.leave()
    await onion?.site.close()
  })

  /**
   * Connections after number `since` that carried a request starting with `start`, such as `PATCH
   * /uploads`.
   */
  function carrying(start: string, since: number): Passed[] {
    return onion.wire.passed
      .slice(since)
      .filter(({ heads }) => heads.some((head) => head.startsWith(start)))
  }

  /**
   * Closes the circuits in the middle of an upload, and waits until its connections have broken.
   */
  async function breakCircuit(start: string, since: number): Promise<Passed[]> {
    // One and a half of the page's slices, if it uploads in slices.
    await until(
      () => bytesOf(carrying(start, since)) > 6 * mebibyte,
      () => 'a part of the upload',
      90_000,
    )
    const broken = carrying(start, since).filter(({ isOver }) => !isOver)
    expect(broken).not.toEqual([])
    expect(await onion.client.closeCircuits()).toBeGreaterThan(0)
    await until(
      () => broken.every(({ isOver }) => isOver),
      () => 'the connections to break',
    )
    return broken
  }

  /**
   * Expects one creation, a request for the offset, and the rest of the upload over another
   * circuit.
   */
  function expectResumed(since: number, broken: readonly Passed[]): void {
    const heads = onion.wire.passed.slice(since).flatMap((passed) => passed.heads)
    expect(heads.filter((head) => head.startsWith('POST /uploads '))).toHaveLength(1)
    expect(heads.filter((head) => head.startsWith('HEAD /uploads/'))).not.toEqual([])
    const after = carrying('PATCH /uploads/', since).filter((passed) => !broken.includes(passed))
    expect(
      after.filter(({ circuit }) => broken.some((other) => other.circuit === circuit)),
    ).toEqual([])
    expect(offsetOf(after[0]?.heads.find((head) => head.startsWith('PATCH')))).toBeGreaterThan(0)
    expect(bytesOf(carrying('PATCH /uploads/', since))).toBeLessThan(1.5 * 24 * mebibyte)
  }

  describe('tumen send', () => {
    const sendFile = (path: string) =>
      onion.site.tumen('send', path, '--to', onion.origin, '--socks5', onion.socks, '--json')

    it('delivers a sealed tip', async () => {
      const { path, receipt } = await sealWithTumen(
        onion.site,
        tip,
        [at(photo), at(video)],
        'sealed.age',
      )
      const { status, stdout, stderr } = await sendFile(path)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(JSON.parse(stdout)).toEqual({ receipt, bytes: (await stat(path)).size })
      const attachments = [
        described(photo, pictureWithPlace().length, { media_type: 'image/jpeg', metadata: 'kept' }),
        described(video, 3 * mebibyte + 17, { media_type: null, metadata: 'kept' }),
      ]
      sent.set(receipt, { tip: { ...tip, attachments }, attachments: pick(digests, photo, video) })
    }, 120_000)

    it('resumes its upload when its circuit is closed in the middle', async () => {
      const { path, receipt } = await sealWithTumen(onion.site, tip, [at(recording)], 'large.age')
      const since = onion.wire.passed.length
      const sending = sendFile(path)
      const broken = await breakCircuit('PATCH /uploads/', since)
      const { status, stdout, stderr } = await sending
      expect(stderr).toContain('trying again')
      expect({ status, ...(JSON.parse(stdout) as object) }).toMatchObject({ status: 0, receipt })
      expectResumed(since, broken)
      sent.set(receipt, {
        tip: {
          ...tip,
          attachments: [
            described(recording, 24 * mebibyte, { media_type: null, metadata: 'kept' }),
          ],
        },
        attachments: pick(digests, recording),
      })
    }, 180_000)
  })

  it('tumen answers fetches what everybody fetches, and judges the keys', async () => {
    const words = at('words.txt')
    const sealing = ['seal', '--narrative', 'x', '--words-out', words, '-o', at('with-words.age')]
    expect(await onion.site.tumen(...sealing)).toMatchObject({ status: 0 })
    const since = onion.wire.passed.length
    const asking = ['answers', '--words-file', words, '--to', onion.origin]
    const { status, stdout } = await onion.site.tumen(...asking, '--socks5', onion.socks, '--json')
    expect({ status, ...(JSON.parse(stdout) as object) }).toMatchObject({
      status: 0,
      keys: { state: 'confirmed' },
      answers: [],
      problems: [],
    })
    expect(carrying('GET /replies/index.json', since)).not.toEqual([])
  }, 120_000)

  describe.skipIf(!isInstalled('firefox'))('Firefox configured like Tor Browser', () => {
    let launched: Launched
    const open = async (level: Level) => {
      launched = await launch({
        browser: 'firefox',
        level,
        proxyAddress: onion.socks,
        isTor: true,
        isUnwatched: true,
      })
      return await launched.newPage(phone)
    }
    afterEach(() => launched?.dispose())

    it.each(['standard', 'safer'] as const)(
      'delivers what a relative writes, at %s',
      async (level) => {
        const page = await open(level)
        const source = await goToSourcePage(page, 'ko', onion.origin)
        const facts = await page.evaluate(() => ({
          hasWebAssembly: 'WebAssembly' in globalThis,
          isSecure: isSecureContext,
        }))
        expect(facts).toEqual({ hasWebAssembly: level === 'standard', isSecure: true })
        await fillIn(source, quick)
        await chooseTipFiles(source, at(photo), at(video))
        await send(source)
        const receipt = await untilReceipt(source)
        const cleaned = sha256(pictureWithoutPlace)
        sent.set(receipt, {
          tip: quickTipOf([
            described(photo, pictureWithoutPlace.length, {
              sha256: cleaned,
              media_type: 'image/jpeg',
              metadata: 'removed',
            }),
            described(video, 3 * mebibyte + 17, {
              media_type: expect.anything(),
              metadata: 'cannot_be_removed',
            }),
          ]),
          attachments: { [photo]: cleaned, ...pick(digests, video) },
        })
      },
      180_000,
    )

    it('delivers a file sealed by hand through the form, at safest', async () => {
      const page = await open('safest')
      const files = { [photo]: await readFile(at(photo)), [video]: await readFile(at(video)) }
      const { path, receipt } = await sealWithAge(onion.site, tip, files, 'by-hand.age')
      await page.goto(`${onion.origin}/ko/`)
      expect(await isThere(page, hooks.narrative)).toBe(false)
      await chooseFiles(page, 'form[action^="/submissions"] input[type=file]', path)
      await follow(page, 'form[action^="/submissions"] [type=submit]')
      expect((await textOf(page, 'main')).replaceAll(/\s/g, '')).toContain(receipt)
      sent.set(receipt, { tip, attachments: pick(digests, photo, video) })
    }, 120_000)

    it('resumes its upload when its circuit is closed in the middle', async () => {
      const since = onion.wire.passed.length
      const page = await open('standard')
      const source = await goToSourcePage(page, 'en', onion.origin)
      await type(page, hooks.narrative, narrative)
      await chooseTipFiles(source, at(recording))
      await send(source)
      const broken = await breakCircuit('PATCH /uploads/', since)
      const receipt = await untilReceipt(source, 120_000)
      expectResumed(since, broken)
      const attachments = [
        described(recording, 24 * mebibyte, {
          media_type: expect.anything(),
          metadata: 'cannot_be_removed',
        }),
      ]
      sent.set(receipt, {
        tip: expect.objectContaining({ narrative, attachments }),
        attachments: pick(digests, recording),
      })
    }, 240_000)
  })

  describe('the desk', () => {
    it('opens each tip, field for field and byte for byte', async () => {
      for (const receipt of sent.keys()) await onion.site.untilStored(receipt)
      expect(await onion.site.receipts()).toEqual([...sent.keys()].sort())
      expect(await onion.site.tumen('export', 'stick')).toMatchObject({ status: 0 })
      expect(
        await onion.site.tumen(
          'open',
          'stick',
          '--identity',
          at('var', 'demo', 'demo.identity'),
          '--casebook',
          'casebook',
        ),
      ).toMatchObject({ status: 0 })
      for (const [receipt, expected] of sent) {
        const opened = at('casebook', 'tips', receipt)
        const whole = JSON.parse(await readFile(`${opened}/tip.json`, 'utf8')) as object
        expect(withoutReply(whole)).toEqual(expected.tip)
        expect(await digestsBelow(`${opened}/attachments`)).toEqual(expected.attachments)
      }
    }, 90_000)
  })

  describe('circuits', () => {
    it('were reported by tor, and appear nowhere on the disk', async () => {
      const circuits = [...new Set(onion.wire.passed.map(({ circuit }) => circuit))].filter(
        (circuit) => circuit !== '',
      )
      expect(circuits.length).toBeGreaterThanOrEqual(3)
      for (const circuit of circuits)
        expect(circuit).toMatch(/^fc00:dead:beef:4dad::[0-9a-f]+:[0-9a-f]+$/)
      const { run } = onion.site
      await onion.site.stop()
      const needles = [...circuits, 'fc00:dead', 'PROXY TCP6']
      const paths = await filesBelow(at('var'))
      expect(
        needles.filter(
          (needle) => run.output().includes(needle) || paths.join('\n').includes(needle),
        ),
      ).toEqual([])
      for (const path of paths)
        expect([path, await needlesIn(at('var', path), needles)]).toEqual([path, []])
      // Control: the search does find what is there.
      expect(await needlesIn(at('var', 'ledger.jsonl'), [...sent.keys()])).toHaveLength(sent.size)
    })
  })
})

function bytesOf(connections: readonly Passed[]): number {
  return connections.reduce((sum, { bytes }) => sum + bytes, 0)
}

function pick(
  digests: Readonly<Record<string, string>>,
  ...names: string[]
): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, digests[name] ?? '']))
}

/** tus 1.0.0, "Upload-Offset". */
function offsetOf(head: string | undefined): number {
  return Number(/^upload-offset: (\d+)\r$/im.exec(head ?? '')?.[1])
}
