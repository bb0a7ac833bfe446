/** The badges of the README, drawn from package.json so that they stay correct. */

const characterWidth = 7
const padding = 8

/** A badge of two halves as an SVG picture. */
export function badge(label: string, value: string): string {
  const [left, right] = [label, value].map((text) => text.length * characterWidth + 2 * padding)
  const [labelWidth = 0, valueWidth = 0] = [left, right]
  const width = labelWidth + valueWidth
  const text = (words: string, middle: number): string =>
    `<text x="${middle}" y="14" text-anchor="middle">${words}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${label}: ${value}">`,
    `<rect width="${width}" height="20" rx="3" fill="#444"/>`,
    `<rect x="${labelWidth}" width="${valueWidth}" height="20" rx="3" fill="#0b6e4f"/>`,
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    text(label, labelWidth / 2),
    text(value, labelWidth + valueWidth / 2),
    '</g></svg>',
    '',
  ].join('\n')
}

/** Each badge by its file name in docs/pictures. */
export function badgesOf(manifest: {
  license: string
  engines: { node: string }
}): Readonly<Record<string, string>> {
  return {
    'licence.svg': badge('licence', manifest.license),
    'node.svg': badge('Node', manifest.engines.node.replace('>=', '≥ ')),
  }
}
