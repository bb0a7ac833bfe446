import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draw } from '../../../src/desk/terminal/draw.ts'
import { holdsText } from '../../../src/desk/terminal/dialogs.ts'
import { countCells } from '../../../src/desk/terminal/width.ts'
import { textOf } from '../../../src/desk/terminal/text-buffer.ts'
import { sampleView, seedTip } from '../support/sample-view.ts'
import { DeskPlayer, keyOf } from './desk-player.ts'
import { hostileTip, uyghurTip } from './tips.ts'

const seed = sampleView()
const quiet = (narrative: string) =>
  sampleView({ ...seedTip, narrative }, { triage: { ...seed.triage, tier: 2, window: null } })
const many = Array.from({ length: 60 }, (_, at) =>
  sampleView({ ...seedTip, narrative: `이야기 ${at}` }, { title: `case ${at}` }),
)
const player = () =>
  new DeskPlayer([
    quiet('조용한'),
    seed,
    sampleView(uyghurTip),
    sampleView(hostileTip, { title: hostileTip.narrative }),
    sampleView(null),
  ])
const changes = (desk: DeskPlayer) => desk.store.saved.map(({ change }) => change)
const onSeed = () => player().press('/아내와<return><return>')

describe('reduce', () => {
  describe('on the list', () => {
    it('puts the most urgent first', () => {
      const late = sampleView(uyghurTip, { triage: { ...seed.triage, isOverdue: true } })
      expect(
        new DeskPlayer([quiet('a'), seed, late]).state.visible.map(({ receipt }) => receipt),
      ).toEqual([late.receipt, seed.receipt, quiet('a').receipt])
    })

    it('moves, and never past an end', () => {
      const desk = new DeskPlayer(many)
      const at = () =>
        desk.state.visible.findIndex(({ receipt }) => receipt === desk.state.selected)
      expect(
        ['<up>', '<down>', '<pagedown>', '<end>', '<down>', '<pageup>', '<home>'].map(
          (key) => (desk.press(key), at()),
        ),
      ).toEqual([0, 1, 21, 59, 59, 39, 0])
      expect(desk.press('<end>').text()).toContain('> T0')
    })

    it('searches as it is typed: names, narrative, place, in any script', () => {
      const count = (typed: string) => player().press(`/${typed}`).state.visible.length
      expect([
        count('ئۈرۈمچى'),
        count('선양'),
        count('네 살'),
        count('아내와 선양'),
        count('리영희'),
        count('nobody'),
      ]).toEqual([1, 2, 1, 1, 2, 0])
      expect(player().press('/선양<escape>').state.visible).toHaveLength(5)
    })

    it('filters by tier and status, in turn', () => {
      const desk = player()
      expect(['t', 't', 't', 't', 't'].map((key) => desk.press(key).state.visible.length)).toEqual([
        4, 0, 1, 0, 5,
      ])
      expect(['s', 's'].map((key) => desk.press(key).state.visible.length)).toEqual([5, 0])
      expect(desk.text()).toContain('No case fits')
    })

    it('accepts the letters of the Korean keyboard as its commands', () => {
      expect(player().press('ㅂ').done).toEqual([{ kind: 'quit' }])
    })

    it('takes no command from pasted text', () => {
      const desk = player().play({ kind: 'paste', text: 'q\rmu' })
      expect([desk.done, desk.state.screen]).toEqual([[], 'list'])
    })

    it.each([
      ['q', 'quit'],
      ['r', 'reload'],
      ['<ctrl-c>', 'quit'],
      ['<ctrl-z>', 'suspend'],
    ])('%s leads to %s', (key, kind) => {
      expect(player().press(key).done).toEqual([{ kind }])
    })
  })

  describe('on a sheet', () => {
    it('shows consent first, and marks nothing as read by looking', () => {
      const desk = onSeed()
      expect(desk.lines()[2]).toContain('CONSENT  un: named')
      expect(desk.press('<end>np<home>').done).toEqual([])
    })

    it('marks a case as read with m, and later offers all statuses', () => {
      const desk = onSeed().press('m')
      expect(changes(desk)).toEqual([{ kind: 'set', field: 'status', value: 'read' }])
      expect(desk.press('m').text()).toContain('> read')
      expect(changes(desk.press('<down><return>')).at(-1)).toMatchObject({ value: 'acting' })
    })

    it('writes a note, a contact entry, a link, consent and a field', () => {
      const desk = onSeed()
        .press('o하나<return>둘<ctrl-d>')
        .press('kunhcr<return>asked<ctrl-d><return>')
        .press('l조용한<return>dup<return>')
      desk
        .press('cmedia<return>facts<return>the source, by reply<return>')
        .press('etitle<return>제목<return>')
        .press('ewarrant<return>unk<return>')
      expect(changes(desk)).toEqual([
        { kind: 'note', text: '하나\n둘' },
        { kind: 'contact', with: 'unhcr', day: '2017-11-05', text: 'asked' },
        { kind: 'link', to: quiet('조용한').receipt, as: 'duplicate' },
        {
          kind: 'consent',
          recipient: 'media',
          level: 'facts_only',
          given_by: 'the source, by reply',
        },
        { kind: 'set', field: 'title', value: '제목' },
        { kind: 'set', field: 'event.warrant', value: 'unknown' },
      ])
    })

    it('confirms a wording of the source by one key, and takes it back', () => {
      const desk = onSeed().press('w')
      expect(desk.text()).toContain('which words of the source may leave')
      expect(desk.text()).toContain('> narrative')
      const [confirmed] = changes(desk.press('names<return>'))
      expect(confirmed).toMatchObject({
        kind: 'confirm',
        field: 'persons.0.names.0.text',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      })
      expect(changes(desk.press('u')).at(-1)).toEqual({ ...confirmed, sha256: null })
      expect(changes(desk.press('wall of these<return>')).slice(2).length).toBeGreaterThan(3)
    })

    it('takes its own changes back, the last first, by further changes', () => {
      const desk = onSeed()
        .press('etitle<return>A<return>')
        .press('etitle<return>B<return>')
        .press('cmedia<return>named:<return>she<return>')
        .press('l조용한<return><return>onote<ctrl-d>')
      const before = changes(desk).length
      expect(changes(desk.press('uuuuu')).slice(before)).toEqual([
        { kind: 'note', text: 'Taken back: my note “note”' },
        expect.objectContaining({ kind: 'unlink' }),
        expect.objectContaining({ kind: 'consent', recipient: 'media', level: 'no' }),
        expect.objectContaining({ field: 'title', value: 'A' }),
        expect.objectContaining({ field: 'title', value: null }),
      ])
      expect(desk.press('u').text()).toContain('nothing to take back')
    })

    it('refuses an invalid day, and an empty note', () => {
      expect(onSeed().press('kun<return>x<ctrl-d>y<return>').text()).toContain('! not a date')
      expect(onSeed().press('o <ctrl-d>').text()).toContain('! there is nothing to save yet')
    })
  })

  it('shows what a hostile tip has in a field without its escapes, and lets it be edited', () => {
    const desk = player().press('/hostile<return><return>ein words<return>')
    expect(desk.text()).toContain('Write one line')
    expect(desk.text()).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u)
  })

  it('shortens very long delays to fit their column', () => {
    const long = sampleView(seedTip, {
      triage: {
        ...seed.triage,
        dueAt: '2007-01-01T00:00:00Z',
        actBy: { day: '2009-08-19', why: 'window', leftDays: -3000 },
      },
    })
    expect(new DeskPlayer([long]).text()).toMatch(/T0 {3}over {4}LATE 99\+d /)
  })

  describe('when text would be lost', () => {
    it.each(['<escape>', '<ctrl-c>'])(
      'asks on %s, and continues writing unless told otherwise',
      (key) => {
        const desk = onSeed().press(`o글${key}`)
        expect(desk.text()).toContain('Not saved yet')
        expect(desk.press('x!').text()).toContain('글!')
        expect(desk.press(`${key}y`).state.dialog).toBeNull()
        expect(changes(desk)).toEqual([])
      },
    )

    it('asks on the last question of a contact entry, whose text was given before', () => {
      expect(onSeed().press('kun<return>x<ctrl-d><escape>').text()).toContain('Not saved yet')
    })

    it('keeps the text when the casebook refuses it', () => {
      const desk = onSeed()
      desk.store.refusal = 'the disk is full'
      expect(desk.press('o글<ctrl-d>').text()).toMatch(/글[^]*! the disk is full/u)
    })
  })

  it('reads the casebook again when it got old, but not while somebody writes', () => {
    const later = { kind: 'tick', now: Date.parse('2017-11-05T11:00:00Z') } as const
    expect(player().play(later).done).toEqual([{ kind: 'reload' }])
    expect(onSeed().press('o').play(later).done).toEqual([])
  })

  describe('whatever is pressed', () => {
    const names = [
      'up',
      'down',
      'left',
      'right',
      'home',
      'end',
      'pageup',
      'pagedown',
      'return',
      'escape',
      'backspace',
      'delete',
      'ctrl-d',
      'ctrl-z',
      'tab',
      'meta-x',
    ]
    const key = fc.oneof(
      fc.constantFrom(...names).map((name) => keyOf(name, undefined)),
      fc.constantFrom(...'/tsr?qneolckmuyp 한글ئ国1').map((text) => keyOf(undefined, text)),
      fc
        .string({ unit: 'binary', maxLength: 30 })
        .map((text) => ({ kind: 'paste' as const, text })),
      fc.record({
        kind: fc.constant('resize' as const),
        columns: fc.integer({ min: 1, max: 200 }),
        rows: fc.integer({ min: 1, max: 60 }),
      }),
      fc.record({
        kind: fc.constant('resize' as const),
        columns: fc.integer({ min: 80, max: 130 }),
        rows: fc.integer({ min: 24, max: 40 }),
      }),
    )

    it('draws exactly the screen, with nothing in it but bold and reverse', () => {
      fc.assert(
        fc.property(fc.array(key, { maxLength: 40 }), (events) => {
          const desk = player().press('<return>')
          for (const event of events) {
            desk.play(event)
            const { lines } = draw(desk.state)
            expect(lines).toHaveLength(desk.state.rows)
            for (const line of lines) {
              expect(countCells(line)).toBeLessThanOrEqual(desk.state.columns)
              expect(line.replace(/\u{1B}\[[017]m/gu, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}]/u)
            }
          }
        }),
        { numRuns: 150 },
      )
    })

    it('loses no text without asking', () => {
      fc.assert(
        fc.property(fc.array(key, { maxLength: 60 }), (events) => {
          const desk = player().press('<return>oa')
          for (const event of events) {
            const before = desk.state.dialog
            const saved = desk.store.saved.length
            desk.play(event)
            const after = desk.state.dialog
            if (before?.kind !== 'write' || !holdsText(before) || desk.store.saved.length > saved)
              continue
            // The text is still being written, is behind a confirmation, or has moved to the
            // question for the day of a contact entry.
            const kept = after?.kind === 'confirm' ? after.over : after
            if (
              kept?.kind === 'write' &&
              kept.purpose.ask === 'contact-day' &&
              before.purpose.ask === 'contact-text'
            ) {
              expect(kept.purpose.text).toBe(textOf(before.buffer).trim())
              continue
            }
            expect(kept).toMatchObject({ kind: 'write', purpose: before.purpose })
          }
        }),
        { numRuns: 300 },
      )
    })
  })
})
