import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReplyGroup } from '../../src/thread/thread.ts'
import { chooseFiles, click, isThere, textOf, type, untilThere } from './support/acts.ts'
import { photographAll } from './support/artefacts.ts'
import { violationsOf } from './support/axe.ts'
import { carryDrops, dropOf } from './support/carry-answers.ts'
import { browserNames, isInstalled } from './support/installed.ts'
import type { Launched, Level } from './support/launch.ts'
import { launch, phone } from './support/launch.ts'
import { pictureWithPlace } from './support/pictures.ts'
import type { Site } from './support/site.ts'
import { startSite } from './support/site.ts'
import {
  hooks,
  openSourcePage,
  send,
  untilFilesReady,
  untilReceipt,
} from './support/source-page.ts'
import { enterWords, tapWords, wordsShown } from './support/two-way.ts'

/** A source who comes back: words on paper, an answer, and a second message. */

const answer = '읽었습니다. <b>여쭙습니다</b> http://example.onion +8613800000000'

let site: Site
let seq = 1
beforeAll(async () => {
  site = await startSite()
  await writeFile(site.at('photo.jpg'), pictureWithPlace())
})
afterAll(() => site?.close())

/** Carries an answer on a stick from the desk to the server. */
async function carryAnswer(to: ReplyGroup): Promise<void> {
  seq += 1
  await carryDrops(site, seq, [await dropOf({ to, text: answer, asks: ['un'] })])
}

const levels: readonly Level[] = ['standard', 'safer']
const cases = browserNames
  .filter(isInstalled)
  .flatMap((browser) => levels.map((level) => ({ browser, level })))

describe.each(cases)('a source who comes back at $level in $browser', ({ browser, level }) => {
  const launchHere = (): Promise<Launched> =>
    launch({ browser, level, proxyAddress: site.proxy.address })
  let words: string[] = []
  let reply: ReplyGroup | null = null

  it('gets twelve words with the receipt, and finds them again by tapping', async () => {
    const launched = await launchHere()
    const source = await openSourcePage(launched, 'ko', phone)
    const { page } = source
    await untilThere(page, '[data-keys="confirmed"]')
    await type(page, hooks.narrative, '세 사람이 잡혀갔습니다.')
    await click(page, hooks.askMe)
    await send(source)
    const receipt = await untilReceipt(source)
    await photographAll(page, `words-${browser}-${level}`)
    expect(await violationsOf(page)).toEqual([])
    words = await wordsShown(page)
    expect(words).toHaveLength(12)
    await click(page, '#words-written')
    await photographAll(page, `words-check-${browser}-${level}`)
    expect(await violationsOf(page)).toEqual([])
    await tapWords(page, words)
    expect(await isThere(page, '[data-words="checked"]')).toBe(true)
    expect(await isThere(page, '#twelve-words')).toBe(false)
    await site.untilStored(receipt)
    const { tip } = await site.openTip(receipt)
    expect(tip).toMatchObject({ schema: 'urn:tumen:detention_tip:2', reply: { language: 'ko' } })
    reply = tip['reply'] as ReplyGroup
    await launched.dispose()
  }, 180_000)

  it('reads the answer in another profile, and says yes with a photo', async () => {
    if (reply === null) throw new Error('the first tip has no words')
    await carryAnswer(reply)
    const launched = await launchHere()
    const source = await openSourcePage(launched, 'ko', phone)
    const { page } = source
    await click(page, '#returning')
    await enterWords(page, words)
    await untilThere(page, '[data-answer]', 30_000).catch(async (error: unknown) => {
      throw new Error(await textOf(page, 'main'), { cause: error })
    })
    expect(await textOf(page, '.answer-text')).toBe(answer)
    expect(await isThere(page, '.answer-text *')).toBe(false)
    expect(await textOf(page, '.answer-warning')).toBe(source.words.page.warning.answer)
    expect(await isThere(page, '#opened-on')).toBe(true)
    await photographAll(page, `answer-${browser}-${level}`)
    expect(await violationsOf(page)).toEqual([])
    await click(page, 'label[for$="-un-yes"]')
    await click(page, '[data-answer] [id$="-reply"]')
    await chooseFiles(page, hooks.files, site.at('photo.jpg'))
    await untilFilesReady(page, 1)
    await photographAll(page, `follow-up-${browser}-${level}`)
    expect(await violationsOf(page)).toEqual([])
    await send(source)
    const receipt = await untilReceipt(source)
    expect(await isThere(page, '[data-words="same"]')).toBe(true)
    await site.untilStored(receipt)
    const { tip, attachments } = await site.openTip(receipt)
    expect(tip).toMatchObject({
      reply,
      answers: expect.stringMatching(/^[0-9a-f]{32}$/),
      consent: [{ recipient: 'un', level: 'named' }],
    })
    expect(Object.keys(attachments)).toEqual(['photo.jpg'])
    await launched.dispose()
  }, 240_000)
})
