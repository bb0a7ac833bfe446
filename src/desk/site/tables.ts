import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { CountsTable } from '../counts/counts-table.ts'
import { said } from './said.ts'

/** A table whose columns of figures are right-aligned. */
export function tableOf({ caption, head, rows }: CountsTable): ComponentChild {
  const isFigure = (cell: string) => /^\d[\d.,]*$/.test(cell)
  // A column counts as figures if every cell in it is a figure.
  const isFigures = head.map((_, index) => rows.every((cells) => isFigure(cells[index] ?? '')))
  const kind = (index: number) => (isFigures[index] === true ? 'n' : undefined)
  return h(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': caption, tabIndex: 0 },
    h(
      'table',
      null,
      h('caption', null, caption),
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          head.map((name, index) => h('th', { scope: 'col', class: kind(index) }, name)),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map((cells) =>
          h(
            'tr',
            null,
            cells.map((cell, index) =>
              index === 0
                ? h('th', { scope: 'row' }, said(cell))
                : h('td', { class: kind(index) }, said(cell)),
            ),
          ),
        ),
      ),
    ),
  )
}

export interface Bar {
  label: string
  value: number
  /** Uncertain cases, drawn after the certain ones and described as uncertain. */
  unsure: number
}

const chartWidth = 640
const barHeight = 18
const rowHeight = 24
const labelWidth = 150
const figureWidth = 110

/**
 * Horizontal bars: certain figures filled, uncertain ones dashed after them. The table next to the
 * chart says the same.
 */
export function barChart(title: string, bars: readonly Bar[]): ComponentChild {
  const most = Math.max(1, ...bars.map(({ value, unsure }) => value + unsure))
  const scale = (value: number) =>
    Math.round((value / most) * (chartWidth - labelWidth - figureWidth))
  const height = bars.length * rowHeight + 4
  return h(
    'svg',
    {
      class: 'chart',
      viewBox: `0 0 ${chartWidth} ${height}`,
      width: chartWidth,
      height,
      role: 'img',
      'aria-label': `${title}: ${bars.map(barInWords).join('; ')}`,
    },
    h('line', { class: 'axis', x1: labelWidth, y1: 0, x2: labelWidth, y2: height }),
    bars.map(({ label, value, unsure }, index) => {
      const y = index * rowHeight + 4
      return [
        h('text', { x: labelWidth - 8, y: y + 13, 'text-anchor': 'end' }, shortLabel(label)),
        h('rect', { class: 'bar', x: labelWidth, y, width: scale(value), height: barHeight }),
        unsure > 0
          ? h('rect', {
              class: 'unsure',
              x: labelWidth + scale(value),
              y: y + 1,
              width: scale(unsure),
              height: barHeight - 2,
            })
          : null,
        h(
          'text',
          { x: labelWidth + scale(value + unsure) + 6, y: y + 13 },
          unsure > 0 ? `${value} + ${unsure}?` : value,
        ),
      ]
    }),
  )
}

function barInWords({ label, value, unsure }: Bar): string {
  return `${label} ${value}${unsure > 0 ? ` and perhaps ${unsure} more` : ''}`
}

/** A label cut to the space in front of the bars. */
function shortLabel(label: string): string {
  return label.length <= 22 ? label : `${label.slice(0, 21)}…`
}
