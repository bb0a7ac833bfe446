/**
 * Returns a function that removes from a text everything that may identify a person, a server or a
 * tip. It is a second line of defence: the texts are our own, but they contain values.
 */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  // The longest first, so that no part of a secret remains.
  const known = secrets
    .filter((secret) => secret.length >= minSecretLength)
    .sort((one, other) => other.length - one.length)
  return (text) => {
    const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, '<removed>'), text)
    return patterns.reduce(
      (rest, [pattern, replacement]) => rest.replace(pattern, replacement),
      withoutKnown,
    )
  }
}

/** A shorter value, such as `fs`, would also be part of ordinary words. */
const minSecretLength = 3

/** In this order: a URL may contain an address, and a path may contain a receipt. */
const patterns: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '<address>'],
  [/\S+@\S+/g, '<address>'],
  [/\b[a-z2-7]{16,56}\.onion\b/gi, '<address>'],
  [/\bage1[a-z0-9]+|\bAGE-[A-Z0-9-]+/g, '<key>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<address>'],
  [/\[?(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}\]?(?::\d+)?/gi, '<address>'],
  [/(?:unix:)?(?:\/[^\s/:,;()'"]+)+\/?/g, '<path>'],
  [/\b[0-9a-f]{8,}\b/gi, '<hex>'],
  // Does not match the names of settings and problems, which have only capitals.
  [/\b(?![A-Z_]+\b)[A-Za-z0-9+/_-]{20,}={0,2}/g, '<code>'],
  [/\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}\S*)?/g, '<day>'],
  [/\b\d{1,2}:\d{2}(?::\d{2})?\b/g, '<time>'],
]
