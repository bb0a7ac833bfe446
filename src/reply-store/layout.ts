/** The folder of answers, on the stick and in the data folder. */
export const repliesFolder = 'replies'

/** Maximum of indexes that are read: one for each desk. */
export const maxIndexes = 8

/** Names that a folder of answers may have; a prepared stick must not make us read for ever. */
export const maxNames = 4096

const indexPattern = /^index(?:-[0-9A-F]{16})?\.json$/
const dropPattern = /^([0-9a-f]{32})\.tar$/

export const signatureSuffix = '.minisig'

/**
 * Suffix of a new index until it has its place. Its signature is renamed first: from that moment on
 * the new index counts, because the signature no longer fits the old one.
 */
export const nextSuffix = '.next'

export function isIndexName(name: string): boolean {
  return indexPattern.test(name)
}

/** The id of the drop with this file name; null for any other file. */
export function dropIdOf(name: string): string | null {
  return dropPattern.exec(name)?.[1] ?? null
}

/** The file that a signature or a `.next` file belongs to. */
export function baseOf(name: string): string {
  return [nextSuffix, signatureSuffix].reduce(
    (base, suffix) => (base.endsWith(suffix) ? base.slice(0, -suffix.length) : base),
    name,
  )
}

/** Whether a file belongs to the answers. All other files in the folder are left alone. */
export function isReplyFile(name: string): boolean {
  return isIndexName(baseOf(name)) || dropIdOf(baseOf(name)) !== null
}
