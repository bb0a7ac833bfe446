import { describe, expect, it } from 'vitest'
import * as code from '../../../src/page/app/deferred.ts'
import { maxListItems } from '../../../src/page/app/draft-bounds.ts'
import type { FileKind } from '../../../src/page/app/file-draft.ts'
import { runApp } from '../../../src/page/app/run-app.ts'
import { loadWordList } from '../../../src/page/app/word-lists/load.ts'
import { loadDeferredTexts, loadTexts } from '../../../src/page/app/speaking.ts'
import type { View } from '../../../src/page/app/state.ts'
import type { PageEnvironment } from '../../../src/page/app/page-environment.ts'
import { FakeSealer, keyring } from './fake-sealer.ts'
import { eventually } from '../../support/eventually.ts'

const receipt = '0123456789abcdef'.repeat(4)
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const progress = {
  phase: 'sending',
  doneBytes: 1,
  totalBytes: 10,
  bytesPerSecond: null,
  secondsLeft: null,
  interruptions: 0,
  problem: null,
} as const

// The lists are loaded once, so that loading one takes no time in a test.
await Promise.all((['en', 'ko', 'zh'] as const).map(loadWordList))

/** The app, with a browser and a sealer that the test controls. */
async function open(change: Partial<PageEnvironment> = {}) {
  const sealers: FakeSealer[] = []
  const seen = { focus: [] as string[], isGuarded: false, language: '', left: 0 }
  const views: View[] = []
  const environment: PageEnvironment = {
    address: 'onion',
    now: () => new Date(2017, 10, 4),
    kindOf: async () => 'picture',
    loadTexts,
    loadDeferredTexts,
    loadDeferredCode: async () => code,
    loadWordList,
    startAt: 'form',
    random: () => 0.5,
    copy: () => true,
    askReceipt: async () => 'stored',
    startSealer: () => sealers[sealers.push(new FakeSealer()) - 1] as FakeSealer,
    draw: (view) => void views.push(view),
    focus: (id) => void seen.focus.push(id),
    showLanguage: ({ language }) => void (seen.language = language),
    guardLeaving: (isNeeded) => void (seen.isGuarded = isNeeded),
    leave: () => void (seen.left += 1),
    ...change,
  }
  const window = runApp(await loadTexts('ko'), false, environment)
  await settle()
  return {
    seen,
    window,
    sealers,
    get sealer() {
      return sealers.at(-1) as FakeSealer
    },
    get state() {
      return (views.at(-1) as View).state
    },
    get actions() {
      return (views.at(-1) as View).actions
    },
    get draws() {
      return views.length
    },
  }
}

async function openWritten(change: Partial<PageEnvironment> = {}) {
  const app = await open(change)
  app.sealer.answerKeyring(keyring)
  app.actions.act({
    type: 'change',
    change: { narrative: '잡혀갔습니다', consentChoice: 'ask_me' },
  })
  await settle()
  return app
}

async function openSending() {
  const app = await openWritten()
  app.actions.addFiles([new File(['abc'], 'a.jpg')])
  app.actions.send()
  await settle()
  expect(app.state.screen.at).toBe('sending')
  return app
}

describe('the page', () => {
  describe('when Send is pressed without a choice of consent', () => {
    const openUndecided = async () => {
      const app = await openWritten()
      app.actions.act({ type: 'change', change: { consentChoice: '' } })
      app.actions.send()
      await settle()
      return app
    }

    it('asks once, and sends nothing yet', async () => {
      const app = await openUndecided()
      expect(app.state).toMatchObject({ screen: { at: 'form' }, isAskingConsent: true })
      expect(app.state.spoken).toBe(app.state.texts.form.consent.unchosen)
      expect(app.seen.focus.at(-1)).toBe('consentChoice-with_names')
    })

    it('sends when Send is pressed again, and staff ask first', async () => {
      const app = await openUndecided()
      app.actions.send()
      await eventually(() => expect(app.state.screen.at).toBe('sending'))
      expect(app.sealer.sent[0]?.tip.consent).toContainEqual({
        recipient: 'un',
        level: 'ask_first',
      })
    })
  })

  it('asks before leaving only when something would be lost', async () => {
    const app = await open()
    expect(app.seen.isGuarded).toBe(false)
    app.actions.act({ type: 'change', change: { where: '선양' } })
    expect(app.seen.isGuarded).toBe(true)
    app.actions.act({ type: 'change', change: { where: '' } })
    expect(app.seen.isGuarded).toBe(false)
  })

  describe('when the language is changed', () => {
    it('keeps the draft and shows every text in the new language', async () => {
      const app = await openWritten()
      app.actions.speak('zh')
      await expect.poll(() => app.seen.language).toBe('zh')
      expect(app.state).toMatchObject({
        draft: { narrative: '잡혀갔습니다' },
        texts: { language: 'zh' },
        deferred: { texts: { ask: { held: '现在关在哪里？' } } },
      })
    })

    it('keeps the old language and says so when the circuit is down', async () => {
      const app = await openWritten({ loadTexts: () => Promise.reject(new Error('no circuit')) })
      app.actions.speak('zh')
      await settle()
      expect(app.state).toMatchObject({
        notice: 'language_failed',
        texts: { language: 'ko' },
        draft: { narrative: '잡혀갔습니다' },
      })
      expect(app.seen.language).toBe('')
    })

    it('ends with the language requested last', async () => {
      const slow = Promise.withResolvers<void>()
      const app = await openWritten({
        loadTexts: async (language) => (
          language === 'zh' && (await slow.promise), await loadTexts(language)
        ),
      })
      app.actions.speak('zh')
      app.actions.speak('en')
      await expect.poll(() => app.seen.language).toBe('en')
      slow.resolve()
      await settle()
      expect(app.state.texts.language).toBe('en')
    })
  })

  describe('when files are added', () => {
    it('passes them on at once for cleaning, and shows the result', async () => {
      const app = await open()
      app.actions.addFiles([new File(['abc'], 'a.jpg'), new File(['d'], 'b.jpg')])
      expect(app.sealer.files.map(({ file, metadata }) => [file.name, metadata])).toEqual([
        ['a.jpg', 'remove'],
        ['b.jpg', 'remove'],
      ])
      app.sealer.files[0]?.ready({ bytes: 2, metadata: 'removed' })
      app.sealer.files[1]?.fail()
      await settle()
      expect(app.state.draft.files).toMatchObject([
        { kind: 'picture', state: { at: 'ready', bytes: 2, metadata: 'removed' } },
        { state: { at: 'unreadable' } },
      ])
    })

    it('keeps the message about too many files while it examines the files', async () => {
      const app = await open()
      const files = Array.from({ length: maxListItems.files + 1 }, () => new File(['a'], 'a.jpg'))
      app.actions.addFiles(files)
      app.sealer.files[0]?.ready({ bytes: 1, metadata: 'removed' })
      await settle()
      expect(app.state.draft.files[0]).toMatchObject({ kind: 'picture', state: { at: 'ready' } })
      expect(app.state.notice).toBe('too_many_files')
    })

    it('keeps the message about a text that is too long', async () => {
      const app = await open()
      app.actions.addFiles([new File(['a'], 'a.jpg')])
      const act = { type: 'change', change: { narrative: '가'.repeat(1_000_000) } } as const
      app.actions.act(act)
      app.sealer.files[0]?.ready({ bytes: 1, metadata: 'removed' })
      await settle()
      expect(app.state.draft).toMatchObject({
        files: [{ kind: 'picture', state: { at: 'ready' } }],
        refusal: { field: 'narrative' },
      })
    })

    it('keeps the message that code is missing when it looks at the file afterwards', async () => {
      const kind = Promise.withResolvers<FileKind>()
      const app = await open({ kindOf: () => kind.promise })
      app.actions.addFiles([new File(['a'], 'a.jpg')])
      app.sealer.files[0]?.fail('NOT_LOADED')
      await settle()
      kind.resolve('picture')
      await settle()
      expect(app.state.draft.files[0]).toMatchObject({ kind: 'picture' })
      expect(app.state.notice).toBe('later_failed')
    })

    it('passes a file on again when the choice changes, and ignores the first result', async () => {
      const app = await openWritten()
      app.actions.addFiles([new File(['abc'], 'a.jpg')])
      app.actions.setWish(1, 'keep')
      expect(app.sealer.removed).toEqual([100])
      expect(app.sealer.files[1]).toMatchObject({ id: 101, metadata: 'keep' })
      app.sealer.files[0]?.ready({ bytes: 2, metadata: 'removed' })
      await settle()
      expect(app.state.draft.files[0]?.state).toEqual({ at: 'preparing' })
      app.actions.send()
      await settle()
      expect(app.sealer.sent[0]?.fileIds).toEqual([101])
    })

    it('removes a file, and restores it on undo', async () => {
      const app = await open()
      app.actions.addFiles([new File(['abc'], 'a.jpg')])
      app.actions.remove('files', 1)
      expect(app.sealer.removed).toEqual([100])
      expect(app.seen.focus.at(-1)).toBe('undo')
      app.actions.undo()
      expect(app.sealer.files).toHaveLength(2)
      expect(app.state.draft.files).toHaveLength(1)
    })
  })

  describe('when a file cannot be read while it is sent', () => {
    it.each(['FILE_UNREADABLE', 'FILE_EMPTY'] as const)('%s marks its row', async (code) => {
      const app = await openWritten()
      app.actions.addFiles([new File(['a'], 'a.jpg'), new File(['b'], 'b.jpg')])
      for (const file of app.sealer.files) file.ready({ bytes: 1, metadata: 'removed' })
      app.actions.send()
      await settle()
      app.sealer.fail(code, 101)
      await settle()
      const [first, second] = app.state.draft.files
      expect(first?.state.at).toBe('ready')
      expect(second?.state.at).toBe(code === 'FILE_EMPTY' ? 'empty' : 'unreadable')
      expect(app.state).toMatchObject({ screen: { at: 'form', failure: null }, hasTried: true })
      expect(app.seen.focus.at(-1)).toBe('problems')
    })

    it('sends the rest without it', async () => {
      const app = await openWritten()
      app.actions.addFiles([new File(['a'], 'a.jpg'), new File(['b'], 'b.jpg')])
      app.sealer.files[0]?.ready({ bytes: 1, metadata: 'removed' })
      app.sealer.files[1]?.fail()
      await settle()
      app.actions.sendWithout(2)
      await settle()
      expect(app.sealer.sent[0]?.fileIds).toEqual([100])
    })
  })

  describe('when a picture cannot be cleaned', () => {
    const uncleaned = { bytes: 1, metadata: 'cannot_be_removed', remark: 'damaged' } as const
    const openWith = async (change: Partial<PageEnvironment> = {}) => {
      const app = await openWritten(change)
      app.actions.addFiles([new File(['a'], 'a.jpg'), new File(['b'], 'b.jpg')])
      await settle()
      app.sealer.files[0]?.ready({ bytes: 1, metadata: 'removed' })
      return app
    }

    it('asks once, naming it, and sends it when Send is pressed again', async () => {
      const app = await openWith()
      app.sealer.files[1]?.ready(uncleaned)
      await settle()
      app.actions.send()
      await settle()
      expect(app.state).toMatchObject({ screen: { at: 'form' }, hasTried: true, askedFiles: [2] })
      expect(app.state.spoken).toContain('‘보내기’를 다시 누르세요')
      expect(app.seen.focus.at(-1)).toBe('problems')
      expect(app.sealer.sent).toEqual([])
      app.actions.send()
      await settle()
      expect(app.sealer.sent[0]?.fileIds).toEqual([100, 101])
      expect(app.sealer.sendOptions[0]?.mustBeClean).toEqual([100])
    })

    it('asks as well if that becomes known only while it is sent', async () => {
      const app = await openWith()
      app.actions.send()
      await settle()
      expect(app.sealer.sendOptions[0]?.mustBeClean).toEqual([100, 101])
      app.sealer.files[1]?.ready(uncleaned)
      app.sealer.fail('FILE_NOT_CLEANED', 101)
      await settle()
      expect(app.state).toMatchObject({ screen: { at: 'form', failure: null }, askedFiles: [2] })
      expect(app.state.draft.files[1]?.state).toMatchObject(uncleaned)
      app.actions.send()
      await settle()
      expect(app.sealer.sendOptions[1]?.mustBeClean).toEqual([100])
    })

    it('sends the rest without it', async () => {
      const app = await openWith()
      app.sealer.files[1]?.ready(uncleaned)
      await settle()
      app.actions.send()
      app.actions.sendWithout(2)
      await settle()
      expect(app.sealer.sent[0]?.fileIds).toEqual([100])
    })

    it.each([
      ['a source that wants to keep it', 'picture', 'keep'],
      ['a video, of which nothing was promised', 'video', 'remove'],
    ] as const)('does not ask about %s', async (_, kind, wish) => {
      const app = await openWith({ kindOf: async () => kind })
      if (wish === 'keep') app.actions.setWish(2, 'keep')
      app.sealer.files.at(-1)?.ready(uncleaned)
      await settle()
      app.actions.send()
      await settle()
      expect(app.sealer.sent).toHaveLength(1)
    })
  })

  describe('when Send is pressed', () => {
    it('with an empty narrative, it says what is needed and seals nothing', async () => {
      const app = await open()
      app.actions.send()
      await settle()
      expect(app.state).toMatchObject({ hasTried: true, screen: { at: 'form' } })
      expect(app.state.spoken).toContain('무슨 일이 있었는지')
      expect(app.seen.focus.at(-1)).toBe('problems')
      expect(app.sealer.sent).toEqual([])
    })

    it('without valid keys, it moves the focus to the button that retries', async () => {
      const app = await open()
      app.actions.act({ type: 'change', change: { narrative: 'x', consentChoice: 'nobody' } })
      app.sealer.answerKeyring('KEYRING_EXPIRED')
      await settle()
      app.actions.send()
      await settle()
      expect(app.seen.focus.at(-1)).toBe('retry-keyring')
      expect(app.sealer.sent).toEqual([])
      app.actions.retryKeyring()
      app.sealer.answerKeyring(keyring)
      await settle()
      expect(app.state.keyring.at).toBe('ready')
    })

    it('before everything is loaded, it loads the rest, and says so if that fails', async () => {
      let isDown = true
      const app = await openWritten({
        loadDeferredCode: async () => {
          if (isDown) throw new Error('no circuit')
          return code
        },
      })
      expect(app.state.deferred).toBe('failed')
      app.actions.send()
      await settle()
      expect(app.state).toMatchObject({
        notice: 'later_failed',
        screen: { at: 'form' },
        draft: { narrative: '잡혀갔습니다' },
      })
      isDown = false
      app.actions.send()
      await expect.poll(() => app.state.screen.at).toBe('sending')
    })

    it('sends once when it is pressed twice', async () => {
      const app = await openWritten()
      app.actions.send()
      app.actions.send()
      await settle()
      expect(app.sealer.sent).toHaveLength(1)
    })

    it('sends the tip, announces phases and tenths, and asks before leaving', async () => {
      const app = await openSending()
      expect(app.sealer.sent[0]).toMatchObject({
        tip: { narrative: '잡혀갔습니다', lang: 'ko' },
        fileIds: [100],
      })
      expect(app.seen.isGuarded).toBe(true)
      app.sealer.onProgress(progress)
      expect(app.state.spoken).toContain('봉인해서')
      app.sealer.onProgress({ ...progress, doneBytes: 3 })
      expect(app.state.spoken).toBe('30 %')
      app.sealer.onProgress({ ...progress, doneBytes: 3.5 })
      expect(app.state.spoken).toBe('30 %')
      app.sealer.onProgress({ ...progress, phase: 'waiting' })
      expect(app.state.spoken).toContain('저절로')
    })

    it('pauses, resumes, asks before it cancels, and then still has the draft', async () => {
      const app = await openSending()
      app.actions.pause()
      app.actions.resume()
      app.actions.askToCancel(true)
      expect(app.state.screen).toMatchObject({ isAskingToCancel: true })
      app.actions.cancel()
      await settle()
      expect(app.sealer.calls).toEqual(['loadKeyring', 'fetchReplies', 'pause', 'resume', 'cancel'])
      expect(app.state).toMatchObject({
        screen: { at: 'form', failure: 'CANCELLED' },
        draft: { narrative: '잡혀갔습니다', files: [{ key: 1 }] },
      })
    })

    it('keeps the form when sending fails, and starts a new sealer if the old one died', async () => {
      const app = await openSending()
      app.sealer.fail('BROKEN')
      await settle()
      expect(app.state).toMatchObject({
        screen: { at: 'form', failure: 'BROKEN' },
        draft: { narrative: '잡혀갔습니다' },
      })
      expect(app.sealers).toHaveLength(2)
      expect(app.sealer.files.map(({ file }) => file.name)).toEqual(['a.jpg'])
      app.sealer.answerKeyring(keyring)
      await settle()
      app.actions.send()
      await settle()
      expect(app.sealer.sent).toHaveLength(1)
    })
  })

  describe('when the receipt is shown', () => {
    async function openReceipt(change: Partial<PageEnvironment> = {}) {
      const app = await openWritten(change)
      app.actions.send()
      await settle()
      app.sealer.arrive(receipt)
      await settle()
      return app
    }

    it('has forgotten the tip, and asks before leaving loses the receipt', async () => {
      const app = await openReceipt()
      expect(app.state.screen).toEqual({
        at: 'receipt',
        receipt,
        state: 'accepted',
        asking: null,
        isCopied: false,
      })
      expect(JSON.stringify(app.state.draft)).not.toContain('잡혀갔습니다')
      expect(app.seen.isGuarded).toBe(true)
      expect(app.state.draft.files).toEqual([])
    })

    it.each<[string, PageEnvironment['askReceipt'], object]>([
      ['known', async () => 'collected', { state: 'collected', asking: null }],
      ['not known', async () => null, { state: 'accepted', asking: 'unknown' }],
      [
        'not answered',
        () => Promise.reject(new Error('no circuit')),
        { state: 'accepted', asking: 'unreachable' },
      ],
    ])('asks what became of it: %s', async (_, askReceipt, expected) => {
      const app = await openReceipt({ askReceipt })
      app.actions.askReceipt()
      await settle()
      expect(app.state.screen).toMatchObject(expected)
      expect(app.state.spoken).not.toBe('')
    })

    it('is cleared without a trace', async () => {
      const app = await openReceipt()
      app.actions.clear()
      await settle()
      expect(app.state.screen).toEqual({ at: 'cleared' })
      expect(JSON.stringify({ ...app.state, texts: null, deferred: null })).not.toMatch(
        /0123456789|잡혀갔습니다/,
      )
    })
  })

  it('stops the upload, asks nothing and renders nothing more when left by the quick exit', async () => {
    const app = await openSending()
    app.window.leave()
    const { draws } = app
    expect(app.seen).toMatchObject({ left: 1, isGuarded: false })
    expect(app.sealer.calls).toContain('close')
    app.sealer.onProgress(progress)
    app.sealer.fail('CANCELLED')
    app.window.break()
    await settle()
    expect(app.draws).toBe(draws)
    expect(app.seen.isGuarded).toBe(false)
  })

  it('reports an error of its own, and keeps the form', async () => {
    const app = await openWritten()
    app.window.break()
    expect(app.state).toMatchObject({ notice: 'broken', draft: { narrative: '잡혀갔습니다' } })
  })

  it('says at once which text was too long to be kept', async () => {
    const app = await openWritten()
    app.actions.act({ type: 'change', change: { where: 'x'.repeat(501) } })
    expect(app.state.spoken).toContain('500')
    expect(app.state.draft.where).toBe('')
  })
})
