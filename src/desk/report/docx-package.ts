import { strToU8, unzipSync, zipSync } from 'fflate'
import { printable } from '../text/printable.ts'
import type { ReportDocument } from './document.ts'

/** The earliest time that ZIP can store. */
const mtime = new Date(1980, 0, 1)

/**
 * The same package with properties that describe only the report. The library `docx` would write
 * the time and a name; the person, the machine and the minute must not be in the file.
 */
export function sealPackage(
  bytes: Uint8Array,
  { title, language, day }: ReportDocument,
): Uint8Array {
  const parts = unzipSync(bytes)
  parts['docProps/core.xml'] = strToU8(coreProperties(title, language, day))
  const order = Object.keys(parts).sort(
    (one, other) => rank(one) - rank(other) || (one < other ? -1 : 1),
  )
  return zipSync(
    Object.fromEntries(
      order.map((name) => [name, [parts[name] ?? new Uint8Array(), { level: 6, mtime }]]),
    ),
  )
}

/** Programs that detect file types by their first bytes want this entry first. */
const rank = (name: string) => ['[Content_Types].xml', '_rels/.rels'].indexOf(name) >>> 0

function coreProperties(title: string, language: string, day: string): string {
  const date = (name: string) =>
    `<dcterms:${name} xsi:type="dcterms:W3CDTF">${day}T00:00:00Z</dcterms:${name}>`
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' +
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"' +
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
    `<dc:title>${escapeXml(printable(title))}</dc:title><dc:language>${escapeXml(language)}</dc:language>${date('created')}${date('modified')}</cp:coreProperties>`
  )
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
