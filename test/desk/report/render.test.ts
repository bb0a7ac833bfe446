import { unzipSync } from 'fflate'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ReportDocument } from '../../../src/desk/report/document.ts'
import {
  fields,
  heading,
  note,
  paragraph,
  said,
  saidLines,
  warning,
} from '../../../src/desk/report/document.ts'
import { renderDocx } from '../../../src/desk/report/render-docx.ts'
import { renderHtml } from '../../../src/desk/report/render-html.ts'

const hostile = '<script>alert(1)</script>"&\'\u202e\u0007]]>'
const report: ReportDocument = {
  title: `Title ${hostile}`,
  language: 'fr',
  day: '2017-11-06',
  blocks: [
    heading(1, 'One ', said(hostile)),
    paragraph('of ', said('ئايگۈل'), ' and ', { strong: 'more' }),
    note('small'),
    warning('careful'),
    fields(
      { label: 'Name', isNeeded: true, lines: saidLines('리영희', 'ئايگۈل', hostile) },
      { label: 'Gap', lines: [] },
    ),
    { kind: 'list', items: [['first'], [said('둘\n줄')]] },
    { kind: 'table', caption: 'Table', head: ['A', 'B'], rows: [[[said('朴')], ['2']]] },
    { kind: 'page' },
    heading(2, 'End'),
  ],
}

const partsOf = (bytes: Uint8Array) =>
  Object.fromEntries(
    Object.entries(unzipSync(bytes)).map(([name, content]) => [
      name,
      Buffer.from(content).toString('utf8'),
    ]),
  )

describe('renderHtml', () => {
  const html = renderHtml(report)

  it('has no scripts, no requests and no links', () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(html) ?? []
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; base-uri 'none'; form-action 'none'$/,
    )
    expect(html).not.toMatch(/<script|<img|<link|<iframe|<a |\ssrc=|\shref=|url\(|@import|https?:/i)
  })

  it('escapes and isolates what people wrote', () => {
    expect(html).toContain('<bdi dir="auto">&lt;script>alert(1)&lt;/script>&quot;&amp;\']]></bdi>')
    expect(html).not.toMatch(/[\u202a-\u202e\u0000-\u0008]/)
    expect(html).toContain('<bdi dir="auto">ئايگۈل</bdi>')
    expect(html).toContain('<dt>Name<b> *</b></dt>')
    expect(html).toContain('<dd class="gap"></dd>')
  })

  it('states its language, and has the same bytes each time', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="fr">/)
    expect(renderHtml(report)).toBe(html)
  })
})

describe('renderDocx', () => {
  it('has the same bytes whenever it is made', async () => {
    onTestFinished(() => void vi.useRealTimers())
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2017-11-06T12:00:00Z') })
    const first = await renderDocx(report)
    vi.setSystemTime(new Date('2019-01-02T03:04:06Z'))
    expect(Buffer.from(await renderDocx(report)).equals(Buffer.from(first))).toBe(true)
  })

  it('has properties for day and title, and none for person, place or program', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => {
      vi.useRealTimers()
      vi.unstubAllEnvs()
    })
    vi.stubEnv('USER', 'telltale-user')
    vi.stubEnv('HOSTNAME', 'telltale-host')
    vi.setSystemTime(new Date('2019-01-02T03:04:05Z'))
    const parts = partsOf(await renderDocx(report))
    expect(Object.keys(parts)[0]).toBe('[Content_Types].xml')
    expect(parts['docProps/core.xml']).toBe(
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' +
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"' +
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
        '<dc:title>Title &lt;script&gt;alert(1)&lt;/script&gt;"&amp;\']]&gt;</dc:title><dc:language>fr</dc:language>' +
        '<dcterms:created xsi:type="dcterms:W3CDTF">2017-11-06T00:00:00Z</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">2017-11-06T00:00:00Z</dcterms:modified></cp:coreProperties>',
    )
    const all = Object.values(parts).join('\n')
    for (const trace of [
      'Un-named',
      'lastModifiedBy',
      '<dc:creator',
      'docx.js',
      'telltale',
      '2019-01-02',
    ])
      expect(all).not.toContain(trace)
  })

  it('has no link out of the package, no macro and no field', async () => {
    const parts = partsOf(await renderDocx(report))
    for (const [name, text] of Object.entries(parts)) {
      expect(text, name).not.toMatch(
        /TargetMode="External"|<w:hyperlink|<w:instrText|<w:fldSimple|<w:attachedTemplate|oleObject|vbaProject/,
      )
    }
  })

  it('escapes what people wrote, and marks right-to-left runs', async () => {
    const { 'word/document.xml': xml = '' } = partsOf(await renderDocx(report))
    expect(xml).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(xml).not.toMatch(/[\u202a-\u202e\u0000-\u0008]|<script/)
    expect(xml).toMatch(/<w:rPr><w:rtl\/><\/w:rPr><w:t xml:space="preserve">ئايگۈل/)
    expect(xml.match(/<w:bidi\/>/g)).toHaveLength(1)
    expect(xml).toMatch(/둘<\/w:t><\/w:r><w:r><w:br\/><w:t xml:space="preserve">줄/)
    expect(xml).toContain('w:w="11906" w:h="16838"')
  })
})
