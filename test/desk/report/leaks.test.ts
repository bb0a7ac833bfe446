import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/desk/files/case-file.ts'
import { consentLevels, consentRecipients } from '../../../src/tip/codes.ts'
import type { ConsentLevel, ConsentRecipient } from '../../../src/tip/consent.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { runHere } from '../../cli/support/run-here.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { fileContents, markedTip, markerOf, markersIn } from '../disclose/marked-tip.ts'
import { makeCasebook } from '../support/make-casebook.ts'

/*
 * Checks the output of every command for a tip with a marker in each free-text field of the schema.
 * The list of what may be disclosed is written by hand.
 */
const stamp = { at: '2017-11-05T11:00:00Z', by: 'Marker_analyst_end' }
const tip = markedTip()
const submitter = 'organisation: Org\naddress: Street 1\nemail: un@example.org\n'
/** Texts written by analysts, which are never disclosed. */
const work: Change[] = [
  { kind: 'note', ...stamp, text: 'Marker_note_end' },
  { kind: 'contact', ...stamp, with: 'from_source', day: '2017-11-06', text: 'Marker_log_end' },
  { kind: 'link', ...stamp, to: 'd'.repeat(64), as: 'related', reason: 'Marker_link_end' },
  { kind: 'set', ...stamp, field: 'title', value: 'Marker_title_end' },
  { kind: 'set', ...stamp, field: 'group', value: 'Marker_group_end' },
  { kind: 'set', ...stamp, field: 'assigned', value: 'Marker_assigned_end' },
  { kind: 'set', ...stamp, field: 'persons.0.person_id', value: 'Marker_person_id_end' },
]

async function desk(level: ConsentLevel | null, change: Partial<DetentionTip> = {}) {
  const dir = await makeTempDir()
  const consent: Change[] =
    level === null
      ? []
      : consentRecipients.map((recipient) => ({
          kind: 'consent',
          ...stamp,
          recipient,
          level,
          given_by: 'Marker_given_by_end',
          reason: 'Marker_consent_reason_end',
        }))
  const { receipts } = await makeCasebook(join(dir, 'casebook'), [{ ...tip, ...change }], {
    changes: () => [...work, ...consent],
    attachments: () =>
      Object.fromEntries(
        (tip.attachments ?? []).map(({ name }, index) => [name, fileContents[index] ?? '']),
      ),
  })
  await writeFile(join(dir, 'casebook', 'submitter.txt'), submitter)
  return { dir, receipt: receipts[0] ?? '' }
}

const everyPerson = (field: string) => [`persons.0.${field}`, `persons.1.${field}`]
const named = [
  'narrative',
  ...everyPerson('names.0.text'),
  ...everyPerson('names.1.text'),
  ...everyPerson('origin_place'),
  ...everyPerson('ethnicity'),
  'event.when_text',
  ...[
    'where_taken',
    'held_where',
    'transfers.0.from',
    'transfers.0.to',
    'transfers.1.from',
    'transfers.1.to',
  ].flatMap((place) => [`event.${place}.text`, `event.${place}.admin`]),
  'event.authority_text',
  'event.reasons_given',
]
const papers = [
  'medical',
  'id_docs.0.type',
  'id_docs.0.number',
  'id_docs.1.type',
  'id_docs.1.number',
].flatMap(everyPerson)
const trusted: readonly ConsentRecipient[] = ['un', 'unhcr', 'icrc', 'embassy']

/** The markers that may leave once an analyst has confirmed everything that can be confirmed. */
function mayLeave(recipient: ConsentRecipient, level: ConsentLevel | null): string[] {
  if (level !== 'named' && level !== 'named_photo') return []
  const hasFiles = level === 'named_photo'
  return [
    ...named.map(markerOf),
    ...(trusted.includes(recipient) ? papers.map(markerOf) : []),
    ...(hasFiles ? ['attachments.0.name', 'attachments.0.media_type'].map(markerOf) : []),
    ...(hasFiles ? [fileContents[0] ?? ''] : []),
  ].sort()
}

/** Each format, with the arguments of `tumen report` that produce it. */
function formatsFor(recipient: ConsentRecipient, id: string): Record<string, string[]> {
  const un =
    recipient !== 'un'
      ? {}
      : Object.fromEntries(
          ['wgeid', 'wgad'].flatMap((form) =>
            ['html', 'docx'].map((type) => [`${form}.${type}`, [form, id]] as const),
          ),
        )
  const counts = ['counts', '--from', '2017-01-01', '--to', '2017-12-31', '--for', recipient]
  return {
    'summary.html': ['summary', id, '--for', recipient],
    'summary.docx': ['summary', id, '--for', recipient, '--lang', 'fr'],
    'uwazi.csv': ['uwazi', '--for', recipient],
    'uwazi.zip': ['uwazi', '--for', recipient, '--languages', 'en,ko'],
    'bayanat.csv': ['bayanat', '--for', recipient],
    'counts.html': counts,
    'counts.docx': counts,
    'counts.csv': counts,
    archive: ['archive', '--for', recipient],
    ...un,
  }
}

/** All text in a file or folder: names, and contents after unpacking. */
async function textOf(path: string): Promise<string> {
  if (!/\.\w+$/.test(path)) {
    const names = await readdir(path, { recursive: true })
    const texts = await Promise.all(
      names
        .filter((name) => /\./.test(name) || name === 'SHA256SUMS')
        .map(async (name) => await readFile(join(path, name), 'utf8')),
    )
    return [...names, ...texts].join('\n')
  }
  const bytes = await readFile(path)
  if (!/\.(?:docx|zip)$/.test(path)) return bytes.toString('utf8')
  return Object.entries(unzipSync(bytes))
    .map(([name, content]) => `${name}\n${Buffer.from(content).toString('utf8')}`)
    .join('\n')
}

/** Produces every format. The text is null if the file was not written. */
async function makeAll(dir: string, recipient: ConsentRecipient, receipt: string) {
  const texts = new Map<string, string | null>()
  for (const [format, args] of Object.entries(formatsFor(recipient, receipt.slice(0, 8)))) {
    const { stderr } = await runHere({ dir, env: {} }, ['report', ...args, '-o', format])
    expect(stderr, format).not.toContain('internal error')
    const text = await textOf(join(dir, format)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    texts.set(format, text)
    expect(text ?? '', format).not.toContain(receipt.slice(0, 10))
  }
  return texts
}

const confirmAll = async (dir: string, receipt: string) =>
  await runHere({ dir, env: {} }, [
    'case',
    'confirm',
    receipt,
    'narrative',
    'persons',
    'event',
    'attachments',
  ])

/** Values without a marker that reveal the source, or what a person is punished for. */
const neverInDocuments = ['contact_south_korea', 'official_family', 'prefer_not']
const neverInFacts = ['2017-11-04', '4 November', '4 novembre', '30 years']

describe.each(consentRecipients)('what leaves for %s', (recipient) => {
  it.each([null, ...consentLevels])(
    'at %s has no words of the source that nobody confirmed',
    async (level) => {
      const { dir, receipt } = await desk(level)
      for (const [format, text] of await makeAll(dir, recipient, receipt)) {
        const isFile = /zip|archive/.test(format) && level === 'named_photo'
        expect(markersIn(text ?? ''), format).toEqual(isFile ? [fileContents[0]] : [])
        if (level === 'facts_only')
          for (const trace of neverInFacts)
            expect(text ?? '', `${format}: ${trace}`).not.toContain(trace)
        for (const trace of neverInDocuments)
          if (/html|docx|csv/.test(format)) expect(text ?? '', format).not.toContain(trace)
      }
    },
  )

  it.each([null, ...consentLevels])(
    'at %s has the words that an analyst confirmed, as far as consent goes',
    async (level) => {
      const { dir, receipt } = await desk(level)
      expect(await confirmAll(dir, receipt)).toMatchObject({ status: 0 })
      const allowed = mayLeave(recipient, level)
      for (const [format, text] of await makeAll(dir, recipient, receipt)) {
        const found = markersIn(text ?? '')
        expect(
          found.filter((marker) => !allowed.includes(marker)),
          format,
        ).toEqual([])
        if (format === 'archive') expect(found).toEqual(allowed)
        else if (allowed.length > 0 && !format.startsWith('counts'))
          expect(found, format).toContain(markerOf('persons.0.names.0.text'))
        else if (allowed.length > 0)
          expect(found, format).toContain(markerOf('event.where_taken.admin'))
      }
    },
  )
})

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
    const { dir, receipt } = await desk('named', { source: { contact } })
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
    const { dir, receipt } = await desk('named', { source: { contact } })
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
    const { dir, receipt } = await desk('named', { source: { contact } })
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
    const { dir, receipt } = await desk('named', { source: { contact } })
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
