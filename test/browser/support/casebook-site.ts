import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'puppeteer-core'
import type { Change } from '../../../src/desk/files/case-file.ts'
import { refreshCasebook } from '../../../src/desk/view/refresh.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { generateTips } from '../../desk/corpus/generate-tips.ts'
import { makeCasebook } from '../../desk/support/make-casebook.ts'

/** A time within the return window of the seed case. */
export const casebookNow = '2017-11-10T10:00:00Z'

export interface CasebookSite {
  /** URL of a page of the casebook, as a browser opens it from disk. */
  url(path: string): string
  /**
   * URL of a copy of the page as it appears with scripts off: without its script, and with the
   * content of `<noscript>` shown.
   */
  withoutScript(path: string): Promise<string>
  /** Adds a page to the casebook's folder that the program did not write. */
  add: (name: string, html: string) => Promise<string>
  folder: string
  /** Path of a case sheet, by the index of its tip. */
  sheet(index: number): string
  close: () => Promise<void>
}

export const hostile = {
  markup: `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script></script></bdi></div><svg onload=alert(1)>`,
  link: 'javascript:document.title="owned"',
  override: '\u202Egpj.exe\u2066\u2069',
  control: 'Kim\u0000\u0007\u001b[31m\u0008Chol',
  longNarrative: `BEGIN ${'가나다 <b>bold</b> '.repeat(12_490)}`.slice(0, 199_990) + ' THE END',
} as const

const hostileTips: DetentionTip[] = [
  {
    narrative: `${hostile.markup} ${hostile.link} ${hostile.override}`,
    lang: 'en',
    persons: [
      { names: [{ text: hostile.markup }, { text: hostile.override }], origin_place: hostile.link },
      { names: [{ text: hostile.control }] },
    ],
    event: {
      detained_when: '2017-11-03',
      where_taken: { text: hostile.markup, admin: '"><script>alert(1)</script>', country: 'CN' },
      authority_text: hostile.link,
    },
  },
  { narrative: hostile.longNarrative, lang: 'ko' },
]

const others: DetentionTip[] = [
  // An ordinary case: two people, a few lines of text.
  {
    ...(generateTips(1)[0] as DetentionTip),
    narrative: `${(generateTips(1)[0] as DetentionTip).narrative} ${'11월 4일 새벽에 공안이 집에 들어왔고, 그 뒤로 전화가 되지 않습니다. '.repeat(14)}`,
  },
  {
    narrative: 'བོད་ནས། ཁོང་ཚོ་མདང་དགོང་འཛིན་བཟུང་བྱས་སོང་།',
    lang: 'bo',
    persons: [{ names: [{ text: 'བསྟན་འཛིན་' }], status: 'held' }],
    event: { detained_when: '2017-10~', where_taken: { text: 'ལྷ་ས', country: 'CN' } },
  },
]

const stamp = { at: '2017-11-09T10:00:00Z', by: 'kim' }
const changes: readonly (readonly Change[])[] = [
  [],
  [
    { kind: 'set', ...stamp, field: 'title', value: hostile.markup },
    { kind: 'note', ...stamp, text: hostile.markup },
    { kind: 'set', ...stamp, field: 'group', value: hostile.markup },
    { kind: 'set', ...stamp, field: 'persons.0.person_id', value: hostile.markup },
  ],
  [
    { kind: 'set', ...stamp, field: 'status', value: 'acting' },
    { kind: 'set', ...stamp, field: 'deadline', value: '2017-11-12' },
    { kind: 'contact', ...stamp, with: 'embassy', day: '2017-11-09', text: 'They will call back.' },
  ],
  [
    { kind: 'note', ...stamp, text: 'Called the neighbour; she saw two cars.' },
    { kind: 'set', ...stamp, field: 'status', value: 'read' },
  ],
  [{ kind: 'set', ...stamp, field: 'status', value: 'closed' }],
]

/**
 * Makes a casebook with index.html and site/, which holds the seed case, the hostile and the
 * ordinary cases, and `count` generated ones.
 */
export async function makeCasebookSite(count: number): Promise<CasebookSite> {
  const folder = await mkdtemp(join(tmpdir(), 'tumen-casebook-'))
  const [seed, ...made] = generateTips(count)
  const tips = [seed as DetentionTip, ...hostileTips, ...others, ...made, null]
  const openedAt = (index: number) =>
    new Date(Date.parse('2017-11-10T09:00:00Z') - (index % 9) * 7 * 3_600_000)
      .toISOString()
      .replace('.000', '')
  const { receipts } = await makeCasebook(folder, tips, {
    openedAt,
    changes: (index) => changes[index] ?? [],
    attachments: (index) => (index === 1 ? { '<b>photo.jpg': 'x' } : {}),
  })
  await refreshCasebook({
    casebook: folder,
    role: 'kim',
    tool: 'tumen 0.1.0',
    now: () => new Date(casebookNow),
  })
  const at = (path: string) => pathToFileURL(join(folder, path)).href
  const add = async (name: string, html: string) => {
    await writeFile(join(folder, name), html)
    return at(name)
  }
  return {
    folder,
    url: at,
    add,
    sheet: (index) => `site/cases/${receipts[index]?.slice(0, 8)}.html`,
    async withoutScript(path) {
      const html = await readFile(join(folder, path), 'utf8')
      return await add(
        path.replace('.html', '.noscript.html'),
        html.replace(/<script>[^]*?<\/script><\/body>/, '</body>').replaceAll(/<\/?noscript>/g, ''),
      )
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

/**
 * Makes the page believe that it was written half an hour ago. Call it before the first navigation.
 */
export async function stopClock(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(
    (now) => {
      const RealDate = Date
      globalThis.Date = class extends RealDate {
        constructor(...given: unknown[]) {
          super(...((given.length === 0 ? [now] : given) as [number]))
        }
        static override now() {
          return now
        }
      } as DateConstructor
    },
    Date.parse(casebookNow) + 30 * 60_000,
  )
}
