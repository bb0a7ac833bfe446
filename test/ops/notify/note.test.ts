import { describe, expect, it } from 'vitest'
import type { Figures } from '../../../src/ops/figures.ts'
import { makeNote, noteBytes, noteText } from '../../../src/ops/notify/note.ts'
import type { Note } from '../../../src/ops/notify/note.ts'
import { mailText } from '../../../src/ops/notify/smtp-channel.ts'
import type { ProblemCode } from '../../../src/ops/problems.ts'
import { problem } from '../../../src/ops/problems.ts'
import { well } from '../quiet.ts'

const withProblem = (code: ProblemCode) => ({
  ...well,
  problems: [problem(code)],
  isReady: problem(code).severity !== 'error',
})
const at = new Date('2026-11-03T04:15:00.000Z')
const withVault = (envelopes: number): Figures => ({ vault: { envelopes, bytes: 0 } }) as Figures
const states = ['all well', 'look soon', 'look now'] as const

const everyNote: Note[] = states.flatMap((state) =>
  [true, false].map((mayWait) => ({ state, mayWait, at })),
)

describe('a note', () => {
  it('says what health says, and whether the published vault holds anything', () => {
    expect(makeNote(well, withVault(0), at)).toEqual({ state: 'all well', mayWait: false, at })
    expect(makeNote(withProblem('NOTIFY_FAILED'), withVault(10), at)).toEqual({
      state: 'look soon',
      mayWait: true,
      at,
    })
    expect(makeNote(withProblem('CANARY_BLOCKED'), withVault(10), at)).toMatchObject({
      state: 'look now',
    })
  })

  it('does not say that nothing waits when it does not know', () => {
    expect(makeNote(null, null, at)).toEqual({ state: 'look now', mayWait: true, at })
    expect(makeNote(well, { vault: null } as Figures, at).mayWait).toBe(true)
  })

  it('has one length and one shape whatever it says, in ASCII, with its sentences whole', () => {
    for (const note of everyNote) {
      const text = noteText(note)
      expect(text).toMatch(/^[\x20-\x7e\n]*\n$/)
      expect(Buffer.byteLength(text)).toBe(noteBytes)
      expect(text.split('\n').map((line) => line.length)).toEqual(
        noteText(everyNote[0] as Note)
          .split('\n')
          .map((line) => line.length),
      )
      expect(text.split('\n').every((line) => line.length < 100)).toBe(true)
    }
    expect(new Set(everyNote.map(noteText)).size).toBe(6)
  })

  it('is a mail of one length, on every day of a year and at every minute', () => {
    const lengths = new Set<number>()
    for (let minutes = 0; minutes < 366 * 24 * 60; minutes += 7 * 61) {
      const note = {
        ...(everyNote[minutes % 6] as Note),
        at: new Date(Date.UTC(2028, 0, 1) + minutes * 60_000),
      }
      lengths.add(mailText(note, { from: 'tumen@example.org', to: ['staff@example.org'] }).length)
    }
    expect(lengths.size).toBe(1)
  })
})
