import type { ComponentChild } from 'preact'
import { h } from 'preact'
import type { CountsTable } from '../counts/counts-table.ts'
import { said } from './said.ts'

/** Figures to the right, words as they are. */
export function tableOf({ caption, head, rows }: CountsTable): ComponentChild {
  const isFigure = (cell: string) => /^\d+$/.test(cell)
  return h('div', { class: 'scroll' }, h('table', null, h('caption', null, caption),
    h('thead', null, h('tr', null, head.map((name, index) => h('th', { scope: 'col', class: index > 0 ? 'n' : undefined }, name)))),
    h('tbody', null, rows.map((cells) => h('tr', null, cells.map((cell) => h('td', { class: isFigure(cell) ? 'n' : undefined }, said(cell))))))))
}

const chartWidth = 720
const barHeight = 20
const labelWidth = 130

/** Bars from left to right: certain ones filled, uncertain ones dashed behind them. The table beside it says the same. */
export function barChart(title: string, bars: readonly { label: string; value: number; unsure: number }[]): ComponentChild {
  const most = Math.max(1, ...bars.map(({ value, unsure }) => value + unsure))
  const scale = (value: number) => Math.round((value / most) * (chartWidth - labelWidth - 60))
  const height = bars.length * (barHeight + 4) + 4
  return h('svg', { viewBox: `0 0 ${chartWidth} ${height}`, width: chartWidth, height, role: 'img', 'aria-label': `${title}: ${bars.map(({ label, value, unsure }) => `${label} ${value}${unsure > 0 ? ` and perhaps ${unsure} more` : ''}`).join('; ')}` },
    bars.map(({ label, value, unsure }, index) => {
      const y = index * (barHeight + 4) + 4
      return [
        h('text', { x: labelWidth - 6, y: y + 14, 'text-anchor': 'end' }, label),
        h('rect', { class: 'bar', x: labelWidth, y, width: scale(value), height: barHeight }),
        unsure > 0 ? h('rect', { class: 'unsure', x: labelWidth + scale(value), y: y + 1, width: scale(unsure), height: barHeight - 2 }) : null,
        h('text', { x: labelWidth + scale(value + unsure) + 5, y: y + 14 }, unsure > 0 ? `${value} + ${unsure}?` : value),
      ]
    }))
}
