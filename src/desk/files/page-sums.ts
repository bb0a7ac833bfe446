/**
 * File in `site/` with the SHA-256 of every page, and of the index, as they were built: for `tumen
 * verify` and `sha256sum -c`.
 */
export const pageSumsName = 'SHA256SUMS'

/** @param digests SHA-256 in hex by path relative to the casebook, with `/` */
export function formatPageSums(digests: ReadonlyMap<string, string>): string {
  return [...digests]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, digest]) => `${digest}  ${relativeToSite(path)}\n`)
    .join('')
}

/** Reads digests by path relative to the casebook. Lines in any other format are ignored. */
export function parsePageSums(text: string): Map<string, string> {
  const lines = text.matchAll(/^([0-9a-f]{64})  (.+)$/gmu)
  return new Map([...lines].map(([, digest = '', path = '']) => [relativeToCasebook(path), digest]))
}

function relativeToSite(path: string): string {
  return path.startsWith('site/') ? path.slice('site/'.length) : `../${path}`
}

/** Only the two derived files outside `site/` can be named, and no other path. */
function relativeToCasebook(path: string): string {
  return /^\.\.\/index\.(?:html|sqlite)$/u.test(path) ? path.slice('../'.length) : `site/${path}`
}
