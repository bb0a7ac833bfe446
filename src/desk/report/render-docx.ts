import type { FileChild } from 'docx'
import {
  AlignmentType,
  BorderStyle,
  Document,
  LevelFormat,
  Packer,
  PageBreak,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import { printable } from '../text/printable.ts'
import type { Block, Field, Line, ReportDocument } from './document.ts'
import { sealPackage } from './docx-package.ts'
import { isRightToLeft } from './document.ts'

/** A4 and its margins, in twentieths of a point. */
const page = { width: 11_906, height: 16_838, margin: 1_000 }
const contentWidth = page.width - 2 * page.margin
const labelWidth = 3_000

/**
 * Common fonts, which readers replace if missing; the second one is for scripts other than Latin.
 */
const font = { ascii: 'Arial', hAnsi: 'Arial', cs: 'Arial', eastAsia: 'Noto Sans CJK KR' }
const thin = { style: BorderStyle.SINGLE, size: 4, color: '999999' }
const none = { style: BorderStyle.NONE, size: 0, color: 'auto' }

/** A DOCX that contains no name of a person or machine; the same document gives the same bytes. */
export async function renderDocx(report: ReportDocument): Promise<Uint8Array> {
  const document = new Document({
    styles: {
      default: {
        document: {
          run: {
            font,
            size: 21,
            language: { value: report.language, eastAsia: 'ko-KR', bidirectional: 'ug-CN' },
          },
        },
        heading1: {
          run: { font, size: 30, bold: true, color: '111111' },
          paragraph: { spacing: { after: 120 }, keepNext: true },
        },
        heading2: {
          run: { font, size: 23, bold: true, color: '111111' },
          paragraph: { spacing: { before: 240, after: 60 }, keepNext: true },
        },
        heading3: {
          run: { font, size: 21, bold: true, color: '111111' },
          paragraph: { spacing: { before: 160, after: 40 }, keepNext: true },
        },
      },
    },
    numbering: {
      config: [
        {
          reference: 'points',
          levels: [
            {
              level: 0,
              format: LevelFormat.BULLET,
              text: '•',
              alignment: AlignmentType.LEFT,
              style: { paragraph: { indent: { left: 360, hanging: 240 } } },
            },
          ],
        },
      ],
    },
    sections: [
      {
        properties: {
          page: {
            size: { width: page.width, height: page.height },
            margin: {
              top: page.margin,
              bottom: page.margin,
              left: page.margin,
              right: page.margin,
            },
          },
        },
        children: report.blocks.flatMap(blockOf),
      },
    ],
  })
  return sealPackage(new Uint8Array(await Packer.toBuffer(document)), report)
}

function blockOf(block: Block): FileChild[] {
  switch (block.kind) {
    case 'heading':
      return [
        new Paragraph({
          heading: (['Heading1', 'Heading2', 'Heading3'] as const)[block.level - 1] ?? 'Heading3',
          children: runsOf(block.text),
          ...directionOf(block.text),
        }),
      ]
    case 'paragraph':
      return paragraphsOf(block)
    case 'list':
      return block.items.map(
        (item) =>
          new Paragraph({
            numbering: { reference: 'points', level: 0 },
            children: runsOf(item),
            ...directionOf(item),
          }),
      )
    case 'fields':
      return [
        tableOf([labelWidth, contentWidth - labelWidth], block.fields.map(fieldCells), {
          isBoxed: false,
        }),
        gap(),
      ]
    case 'table':
      return [
        ...(block.caption === undefined
          ? []
          : [
              new Paragraph({
                keepNext: true,
                spacing: { before: 120 },
                children: [new TextRun({ text: block.caption, bold: true })],
              }),
            ]),
        tableOf(
          evenWidths(block.head.length),
          [
            block.head.map((cell) => cellOf([[{ strong: cell }]])),
            ...block.rows.map((cells) => cells.map((line) => cellOf([line]))),
          ],
          { isBoxed: true },
        ),
        gap(),
      ]
    case 'page':
      return [new Paragraph({ children: [new PageBreak()] })]
  }
}

function paragraphsOf({ tone, text }: Extract<Block, { kind: 'paragraph' }>): Paragraph[] {
  const border =
    tone === 'warning' ? { border: { top: thin, bottom: thin, left: thin, right: thin } } : {}
  const look = tone === 'note' ? { size: 18, color: '444444' } : tone === 'lead' ? { size: 24 } : {}
  return [
    new Paragraph({
      spacing: { after: 80 },
      ...border,
      children: runsOf(text, look),
      ...directionOf(text),
    }),
  ]
}

type Cell = { children: Paragraph[] }

function fieldCells({ label, isNeeded, lines }: Field): Cell[] {
  return [cellOf([isNeeded === true ? [label, { strong: ' *' }] : [label]]), cellOf(lines)]
}

function cellOf(lines: readonly Line[]): Cell {
  return {
    children:
      lines.length === 0
        ? [new Paragraph({})]
        : lines.map((line) => new Paragraph({ children: runsOf(line), ...directionOf(line) })),
  }
}

function tableOf(
  widths: readonly number[],
  rows: readonly Cell[][],
  { isBoxed }: { isBoxed: boolean },
): Table {
  const borders = isBoxed
    ? { top: thin, bottom: thin, left: thin, right: thin }
    : { top: none, bottom: thin, left: none, right: none }
  return new Table({
    width: { size: contentWidth, type: WidthType.DXA },
    columnWidths: [...widths],
    layout: TableLayoutType.FIXED,
    borders: { ...borders, insideHorizontal: thin, insideVertical: isBoxed ? thin : none },
    rows: rows.map(
      (cells, index) =>
        new TableRow({
          cantSplit: !isBoxed,
          tableHeader: isBoxed && index === 0,
          children: cells.map(
            ({ children }, column) =>
              new TableCell({
                children,
                width: { size: widths[column] ?? 0, type: WidthType.DXA },
                margins: { top: 40, bottom: 40, left: 60, right: 60 },
              }),
          ),
        }),
    ),
  })
}

function evenWidths(columns: number): number[] {
  return Array.from({ length: columns }, () => Math.floor(contentWidth / columns))
}

/**
 * An empty paragraph after a table: Word requires one at the end, and would join two tables in a
 * row.
 */
function gap(): Paragraph {
  return new Paragraph({ spacing: { line: 120 } })
}

/** One run for each piece, so that right-to-left text does not reorder the text around it. */
function runsOf(line: Line, look: { size?: number; color?: string } = {}): TextRun[] {
  return line.flatMap((inline) => {
    if (typeof inline === 'string') return [new TextRun({ text: inline, ...look })]
    if ('strong' in inline) return [new TextRun({ text: inline.strong, bold: true, ...look })]
    return printable(inline.said, { keepsNewlines: true })
      .split('\n')
      .map(
        (text, index) =>
          new TextRun({
            text,
            ...look,
            ...(index > 0 ? { break: 1 } : {}),
            ...(isRightToLeft(text) ? { rightToLeft: true } : {}),
          }),
      )
  })
}

/**
 * Direction and alignment of a line that only quotes somebody: the text runs in its own direction
 * but starts at the left margin, which is called the end in a right-to-left line.
 */
function directionOf(line: Line): { bidirectional?: true; alignment?: typeof AlignmentType.END } {
  const [only, ...more] = line
  return more.length === 0 && typeof only === 'object' && 'said' in only && isRightToLeft(only.said)
    ? { bidirectional: true, alignment: AlignmentType.END }
    : {}
}
