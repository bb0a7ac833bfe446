import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chooseFiles, click, textOf, type, untilThere } from '../browser/support/acts.ts'
import { isInstalled } from '../browser/support/installed.ts'
import type { Launched } from '../browser/support/launch.ts'
import { launch, phone } from '../browser/support/launch.ts'
import { pictureWithoutPlace, pictureWithPlace } from '../browser/support/pictures.ts'
import type { SourcePage } from '../browser/support/source-page.ts'
import {
  goToSourcePage,
  hooks,
  send,
  untilFilesReady,
  untilReceipt,
} from '../browser/support/source-page.ts'
import { enterWords, wordsShown } from '../browser/support/two-way.ts'
import { until } from '../supervise/start.ts'
import { sha256 } from '../support/sealed.ts'
import { isTorInstalled } from '../support/tornet/tor-process.ts'
import { digestsBelow } from '../support/tree.ts'
import type { OnionSite } from './support/onion-site.ts'
import { startOnionSite } from './support/onion-site.ts'

/**
 * A whole conversation over real circuits: a tip with words, the answer of the desk, and the
 * source's "yes" with a photo. Each test continues where the previous one ended.
 */

const canRun = isTorInstalled() && isInstalled('firefox')
if (!canRun) process.stderr.write('skipped: a conversation over Tor (tor or Firefox is missing)\n')

const question = '읽었습니다. 유엔에 알려도 될까요?'

// A circuit through Tor may fail, so each test may be retried once.
describe.skipIf(!canRun)('a conversation over Tor', { retry: 1 }, () => {
  let onion: OnionSite
  let launched: Launched
  let words: string[] = []
  let receipt = ''
  const at = (...parts: string[]) => onion.site.at(...parts)

  beforeAll(async () => {
    onion = await startOnionSite()
    await writeFile(at('photo.jpg'), pictureWithPlace())
    await writeFile(at('answer.txt'), question)
  }, 180_000)
  afterEach(() => launched?.dispose())
  afterAll(async () => {
    await onion?.leave()
    await onion?.site.close()
  })

  async function open(): Promise<SourcePage> {
    launched = await launch({
      browser: 'firefox',
      level: 'safer',
      proxyAddress: onion.socks,
      isTor: true,
      isUnwatched: true,
    })
    return await goToSourcePage(await launched.newPage(phone), 'ko', onion.origin)
  }

  async function desk(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await onion.site.tumen(...args)
    expect({ args, status, stderr: status === 0 ? '' : stderr }).toEqual({
      args,
      status: 0,
      stderr: '',
    })
    return stdout
  }
  const openStick = async (stick: string): Promise<void> => {
    await desk('export', stick)
    await desk('open', stick, '-i', at('var', 'demo', 'demo.identity'), '--casebook', 'casebook')
  }

  it('begins with a tip and twelve words', async () => {
    const source = await open()
    await untilThere(source.page, '[data-keys="confirmed"]', 90_000)
    await type(source.page, hooks.narrative, '세 사람이 잡혀갔습니다.')
    await click(source.page, hooks.askMe)
    await send(source)
    receipt = await untilReceipt(source, 90_000)
    words = await wordsShown(source.page)
    expect(words).toHaveLength(12)
    await onion.site.untilStored(receipt)
  }, 240_000)

  it('goes on at the desk, whose answer is carried to the server', async () => {
    await openStick('first')
    const reply = ['--text-file', 'answer.txt', '--ask', 'un', '--yes', '--casebook', 'casebook']
    await desk('case', 'reply', receipt.slice(0, 8), ...reply)
    const key = at('var', 'demo', 'desk.key')
    await desk('acknowledge', 'first', '--casebook', 'casebook', '--key', key)
    expect(await desk('acknowledge', 'first')).toContain('1 new')
    // The intake shows new answers when it starts.
    await onion.site.killIntake()
    await until(
      async () => {
        const index = (await (await fetch(`${onion.site.url}/replies/index.json`)).json()) as {
          drops: unknown[]
        }
        return index.drops.length > 0
      },
      () => 'the answer to be served',
    )
  }, 120_000)

  it('is read with the words alone, and answered with a "yes" and a photo', async () => {
    const source = await open()
    const { page } = source
    await click(page, '#returning')
    await enterWords(page, words)
    await untilThere(page, '[data-answer]', 90_000)
    expect(await textOf(page, '.answer-text')).toBe(question)
    await click(page, 'label[for$="-un-yes"]')
    await click(page, '[data-answer] [id$="-reply"]')
    await chooseFiles(page, hooks.files, at('photo.jpg'))
    await untilFilesReady(page, 1)
    await send(source)
    const second = await untilReceipt(source, 90_000)
    expect(second).not.toBe(receipt)
    await onion.site.untilStored(second)
    await openStick('second')
    const folder = at('casebook', 'tips', second)
    const tip = JSON.parse(await readFile(`${folder}/tip.json`, 'utf8')) as object
    const first = JSON.parse(
      await readFile(at('casebook', 'tips', receipt, 'tip.json'), 'utf8'),
    ) as { reply: unknown }
    expect(tip).toMatchObject({
      reply: first.reply,
      answers: expect.stringMatching(/^[0-9a-f]{32}$/),
      consent: [{ recipient: 'un', level: 'named' }],
    })
    expect(await digestsBelow(`${folder}/attachments`)).toEqual({
      'photo.jpg': sha256(pictureWithoutPlace),
    })
    expect(await desk('case', 'show', receipt.slice(0, 8), '--casebook', 'casebook')).toContain(
      question,
    )
  }, 300_000)
})
