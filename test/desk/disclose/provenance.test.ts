import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/desk/files/case-file.ts'
import type { CaseView } from '../../../src/desk/files/case-view.ts'
import { stateOf } from '../../../src/desk/casebook/state.ts'
import { effectiveTip } from '../../../src/desk/casebook/corrections.ts'
import { disclose, review } from '../../../src/desk/disclose/disclose.ts'
import { findEcho } from '../../../src/desk/disclose/echoes.ts'
import { othersOfCase } from '../../../src/desk/disclose/tips-of-case.ts'
import { textsOf } from '../../../src/desk/disclose/tip-texts.ts'
import { confirmDraft, wordingsOf } from '../../../src/desk/disclose/wordings.ts'
import { personsOf } from '../../../src/desk/view/persons-of.ts'
import { consentRecipients } from '../../../src/tip/codes.ts'
import type { ConsentLevel } from '../../../src/tip/consent.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { confirmed } from '../support/confirmed.ts'
import { sampleView } from '../support/sample-view.ts'
import { markedTip, markersIn, markerOf } from './marked-tip.ts'

const stamp = { at: '2017-11-05T10:00:00Z', by: 'kim' }
const set = (field: string, value: unknown): Change => ({ kind: 'set', ...stamp, field, value })

/** A view of the tip after these changes, with the same level of consent for every recipient. */
function after(
  tip: DetentionTip,
  changes: readonly Change[],
  level: ConsentLevel = 'named_photo',
): CaseView {
  const view = sampleView(tip)
  const state = stateOf(changes)
  const corrected = effectiveTip(tip, state.corrections)
  return {
    ...view,
    tip: corrected,
    state,
    changes,
    persons: personsOf(corrected, view.receipt, state, '2017-11-05'),
    opened: {
      ...view.opened,
      attachments: (tip.attachments ?? []).map(({ name, bytes, sha256 }) => ({
        path: `attachments/${name}`,
        bytes,
        sha256,
      })),
    },
    consent: consentRecipients.map((recipient) => ({ recipient, level })),
  }
}

const confirmAll = (view: CaseView, others: readonly CaseView[] = []): Change[] =>
  wordingsOf(view, others).map((found) => ({ ...stamp, ...confirmDraft(view, others, found) }))
const textOf = (view: CaseView, others: readonly CaseView[] = []) =>
  JSON.stringify(disclose(view, 'un', others))

const taken: DetentionTip = {
  narrative: 'They came at night.',
  persons: [{ names: [{ text: 'First Person' }] }, { names: [{ text: 'Second Person' }] }],
  event: { where_taken: { text: "our flat above my brother's shop", country: 'CN' } },
}

describe('every free text of the schema', () => {
  const tip = markedTip()
  const view = after(tip, [])

  it('stays without a confirmation', () => {
    expect(textsOf(tip).length).toBeGreaterThanOrEqual(50)
    expect(markersIn(textOf(view))).toEqual([])
  })

  it('goes alone if it alone is confirmed', () => {
    const paths = wordingsOf(view, []).map(({ path }) => path)
    expect(paths.length).toBeGreaterThan(30)
    // The second file is not clean, so it is withheld, and so is its name.
    for (const path of paths.filter((each) => !each.startsWith('attachments.1.')))
      expect(markersIn(textOf(confirmed(view, (each) => each === path)))).toEqual([markerOf(path)])
  })

  it('stays if it is about the source, whatever is confirmed', () => {
    const paths = new Set(wordingsOf(view, []).map(({ path }) => path))
    for (const { path } of textsOf(tip))
      if (/^(?:source|consent_meta)\.|basis$|result$|note$|original_name$/u.test(path))
        expect(paths, path).not.toContain(path)
  })

  it('stays for any set of confirmations that leaves it out', () => {
    const paths = wordingsOf(view, []).map(({ path }) => path)
    fc.assert(
      fc.property(fc.subarray(paths), fc.constantFrom(...consentRecipients), (some, recipient) => {
        const result = disclose(
          confirmed(view, (path) => some.includes(path)),
          recipient,
        )
        const allowed = some.map(markerOf)
        expect(
          markersIn(JSON.stringify(result)).filter((found) => !allowed.includes(found)),
        ).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('a confirmation', () => {
  const confirmation = confirmAll(after(taken, []))

  it('lets the words leave', () => {
    expect(textOf(after(taken, confirmation))).toContain("my brother's shop")
  })

  it('is of the value: a correction ends it, and so does taking the correction back', () => {
    const field = 'event.where_taken.text'
    const corrected = after(taken, [
      ...confirmation,
      set(field, "our flat above my BROTHER'S shop"),
    ])
    expect(textOf(corrected)).not.toMatch(/shop/iu)
    const back = after(taken, [...confirmation, set(field, 'Shenyang'), set(field, null)])
    expect(textOf(back)).not.toMatch(/shop/iu)
  })

  it('is of the position: swapped persons are unconfirmed', () => {
    const swapped = set('persons', taken.persons?.toReversed())
    const view = after(taken, [...confirmation, swapped])
    expect(textOf(view)).not.toContain('Person"')
    expect(textOf(after(taken, [swapped, ...confirmation]))).not.toContain('Person"')
  })

  it('ends when the tip is merged with another one', () => {
    const link: Change = { kind: 'link', ...stamp, to: 'd'.repeat(64), as: 'duplicate' }
    const other = { ...after({ narrative: 'other' }, []), receipt: 'd'.repeat(64) }
    const view = after(taken, [...confirmation, link])
    const others = othersOfCase([view, other])(view)
    expect(others).toEqual([other])
    expect(textOf(view, others)).not.toContain('shop')
    expect(textOf(after(taken, [link, ...confirmAll(view, others)]), others)).toContain('shop')
  })

  it('can be taken back', () => {
    const back: Change[] = confirmation.flatMap((change) =>
      change.kind === 'confirm' ? [{ ...change, sha256: null }] : [],
    )
    expect(textOf(after(taken, [...confirmation, ...back]))).not.toContain('shop')
  })
})

describe('what an analyst writes', () => {
  it('leaves', () => {
    expect(textOf(after(taken, [set('event.where_taken.text', 'Shenyang')]))).toContain('Shenyang')
  })

  it("stays the source's wording if it is the same words", () => {
    for (const typed of ["our flat above my brother's shop", " OUR flat above my  brother's shop"])
      expect(textOf(after(taken, [set('event.where_taken.admin', typed)]))).not.toMatch(/shop/iu)
  })

  it('is shown if it repeats eight characters of the source in a row', () => {
    const { result, account } = review(
      after(taken, [set('narrative', "Taken above her brother's shop in Shenyang.")]),
      'un',
      [],
    )
    expect(JSON.stringify(result)).toContain('in Shenyang')
    expect(account.echoes).toEqual([{ path: 'narrative', run: "brother's shop" }])
  })

  it.each([
    ['abcdefgh', ['xxabcdefghxx'], 'abcdefgh'],
    ['abcdefg', ['xxabcdefgxx'], null],
    ['ABC  DEFGH', ['abc defgh'], 'abc defgh'],
    ['어머니가 심양에서 잡혔다', ['우리 어머니가 심양에서 끌려갔다'], '어머니가 심양에서'],
    ['nothing', [], null],
  ])('finds in %j what it repeats of %j: %j', (text, source, run) => {
    expect(findEcho(text, source)).toBe(run)
  })

  it('is compared in linear time', () => {
    const long = 'a b'.repeat(70_000)
    expect(findEcho(long, [long])?.length).toBe(long.length)
  })
})

describe('the account', () => {
  it('names what stays and what is said in the words of the source', () => {
    const view = confirmed(after(taken, []), (path) => path === 'persons.0.names.0.text')
    const { account } = review(view, 'un', [])
    expect(account.held).toEqual(['narrative', 'persons.1.names.0.text', 'event.where_taken.text'])
    expect(account.quoted).toEqual([{ path: 'persons.0.names.0.text', text: 'First Person' }])
  })

  it('names no field that consent does not reach', () => {
    expect(review(after(taken, [], 'facts_only'), 'un', []).account.held).toEqual([])
  })
})

describe('files', () => {
  const sha = (letter: string) => letter.repeat(64)
  const tip: DetentionTip = {
    narrative: 'x',
    attachments: [
      { name: 'clean.jpg', bytes: 1, sha256: sha('a'), metadata: 'removed' },
      { name: 'clip.mp4', bytes: 1, sha256: sha('b'), metadata: 'cannot_be_removed' },
      { name: 'kept.jpg', bytes: 1, sha256: sha('c'), metadata: 'kept' },
      { name: 'by-hand.jpg', bytes: 1, sha256: sha('d') },
    ],
  }

  it('are all named: those that go, and those that stay with the reason', () => {
    const { result, account } = review(after(tip, []), 'ngo', [])
    expect(result).toMatchObject({ attachments: [{ sha256: sha('a'), original_name: null }] })
    expect(account.heldFiles).toEqual([
      { name: 'clip.mp4', why: 'CANNOT_BE_CLEANED' },
      { name: 'kept.jpg', why: 'KEPT' },
      { name: 'by-hand.jpg', why: 'NOT_LOOKED_AT' },
    ])
    expect(review(after(tip, [], 'named'), 'ngo', []).account.heldFiles).toHaveLength(4)
  })

  it('leave once an analyst has released them, unchanged or as a copy', () => {
    const release = (file: string, as: 'original' | 'copy' | 'nothing'): Change => ({
      kind: 'release',
      ...stamp,
      file,
      as,
      copy: as === 'copy' ? sha('e') : null,
      reason: 'looked at it',
    })
    const changes = [release(sha('b'), 'original'), release(sha('d'), 'copy')]
    const { result, account } = review(after(tip, changes), 'ngo', [])
    expect(result).toMatchObject({
      attachments: [
        { sha256: sha('a') },
        { sha256: sha('b'), media_type: 'video/mp4', as: 'original' },
        { sha256: sha('e'), media_type: 'application/pdf', as: 'copy' },
      ],
    })
    expect(account.releasedFiles).toHaveLength(2)
    expect(review(after(tip, changes, 'named'), 'ngo', []).result).toMatchObject({
      attachments: [],
    })
    const back = review(after(tip, [...changes, release(sha('b'), 'nothing')]), 'ngo', [])
    expect(back.account.heldFiles.map(({ name }) => name)).toContain('clip.mp4')
  })

  it('have an ending from a closed list, never the words of the source', () => {
    const named: DetentionTip = {
      narrative: 'x',
      attachments: [
        {
          name: 'photo.mina',
          bytes: 1,
          sha256: sha('a'),
          metadata: 'removed',
          media_type: 'mina/x',
        },
      ],
    }
    expect(JSON.stringify(review(after(named, []), 'ngo', []).result)).not.toContain('mina')
  })
})

describe('risk flags that lead to punishment', () => {
  const tip: DetentionTip = {
    narrative: 'x',
    persons: [{ risk_flags: ['pregnant', 'contact_south_korea', 'official_family'] }],
  }

  it('never go to the media, and to nobody as a bare fact', () => {
    for (const level of ['facts_only', 'named', 'named_photo'] as const)
      expect(JSON.stringify(disclose(after(tip, [], level), 'media'))).not.toMatch(
        /contact_south_korea|official_family/u,
      )
    for (const recipient of consentRecipients)
      expect(JSON.stringify(disclose(after(tip, [], 'facts_only'), recipient))).not.toMatch(
        /contact_south_korea|official_family/u,
      )
    expect(JSON.stringify(disclose(after(tip, [], 'named'), 'unhcr'))).toContain(
      'contact_south_korea',
    )
  })
})

describe('the tips of one case', () => {
  const one = after(taken, [], 'named')
  const other = (level: ConsentLevel) => after({ narrative: 'other' }, [], level)

  it('forbid together: one no is a no', () => {
    expect(disclose(one, 'media', [other('no')])).toMatchObject({ code: 'NO_CONSENT' })
    for (const level of ['ask_first', 'facts_only'] as const)
      expect(disclose(one, 'media', [other(level)])).toMatchObject({ level: 'named' })
  })

  it('are those linked as duplicates, either way, and those with a person in common', () => {
    const a = after(taken, [], 'named')
    const linked = after({ narrative: 'b' }, [
      { kind: 'link', ...stamp, to: a.receipt, as: 'duplicate' },
    ])
    const related = after({ narrative: 'c' }, [
      { kind: 'link', ...stamp, to: a.receipt, as: 'related' },
    ])
    const marked = (narrative: string) =>
      after({ narrative, persons: [{}] }, [set('persons.0.person_id', 'x')])
    const [d, e] = [marked('d'), marked('e')]
    const othersOf = othersOfCase([a, linked, related, d, e])
    expect([a, linked, related, d, e].map((view) => othersOf(view))).toEqual([
      [linked],
      [a],
      [],
      [e],
      [d],
    ])
  })

  it('keep the contact of any of them inside', () => {
    const contact = { way: 'other' as const, text: '+82 10-1234-5678' }
    const withContact = after({ narrative: 'other', source: { contact } }, [])
    const view = after(taken, [set('narrative', 'call 010 1234 5678')])
    expect(disclose(view, 'un', [withContact])).toMatchObject({ code: 'SOURCE_INSIDE' })
    expect(disclose(view, 'un')).not.toHaveProperty('code')
  })
})
