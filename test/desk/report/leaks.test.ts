import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runHere } from '../../cli/support/run-here.ts'
import { formatsFor, openDesk, testWhatLeaves } from './marked-reports.ts'

// The recipient that may learn most and the one that may learn least. `test/desk/long` has all.
testWhatLeaves(['un', 'media'])

describe('when an analyst copied how to reach the source into their own words', () => {
  const contact = {
    way: 'other' as const,
    text: 'Signal +82 10-1234-5678, mail mina@example.net, after 9',
  }
  it.each([
    ['call +82 10 1234 5678'],
    ['010.1234.5678'],
    ['ask MINA@example.net'],
    ['(10)12345678'],
  ])('keeps a case with %j inside, whatever the format', async (typed) => {
    const { dir, receipt } = await openDesk('named', { source: { contact } })
    expect(
      await runHere({ dir, env: {} }, ['case', 'set', receipt, 'narrative', typed]),
    ).toMatchObject({ status: 0 })
    for (const [format, args] of Object.entries(formatsFor('un', receipt))) {
      if (format.startsWith('counts')) continue
      const { status, stderr } = await runHere({ dir, env: {} }, ['report', ...args, '-o', format])
      expect({ format, status }).toEqual({ format, status: 1 })
      expect(stderr).toContain('SOURCE_INSIDE')
    }
  })

  it('lets dates, ages and other numbers pass', async () => {
    const { dir, receipt } = await openDesk('named', { source: { contact } })
    await runHere({ dir, env: {} }, [
      'case',
      'set',
      receipt,
      'narrative',
      'On 2017-11-04 about 9 people, flat 1234',
    ])
    expect(
      await runHere({ dir, env: {} }, [
        'report',
        'summary',
        receipt,
        '--for',
        'un',
        '-o',
        'x.html',
      ]),
    ).toMatchObject({ status: 0 })
  })

  it('refuses the source as the one who submits', async () => {
    const { dir, receipt } = await openDesk('named', { source: { contact } })
    await writeFile(
      join(dir, 'me.txt'),
      'organisation: Mina\naddress: Seoul\nphone: +82 10 1234 5678\n',
    )
    expect(
      await runHere({ dir, env: {} }, [
        'report',
        'wgeid',
        receipt,
        '--submitter',
        'me.txt',
        '-o',
        'x.html',
      ]),
    ).toMatchObject({ status: 2, stderr: expect.stringContaining('never the source') })
  })
})

describe('when the contact that the source gave was corrected', () => {
  it('still looks for the original one', async () => {
    const contact = { way: 'other' as const, text: '+82 10-1234-5678' }
    const { dir, receipt } = await openDesk('named', { source: { contact } })
    for (const [field, value] of [
      ['source.contact.text', 'none'],
      ['narrative', 'call 010 1234 5678'],
    ] as const)
      await runHere({ dir, env: {} }, ['case', 'set', receipt, field, value])
    expect(
      await runHere({ dir, env: {} }, ['report', 'archive', receipt, '--for', 'un', '-o', 'x']),
    ).toMatchObject({ status: 1, stderr: expect.stringContaining('SOURCE_INSIDE') })
  })
})
