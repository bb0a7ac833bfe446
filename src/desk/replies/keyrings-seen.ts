import type { Keyring } from '../../keyring/keyring.ts'
import { maxOlderKeyrings } from '../../replies/bounds.ts'
import { CasebookError } from '../files/errors.ts'
import type { ReplyBook } from '../files/trip.ts'
import { maxKeyringsSeen } from '../files/trip.ts'

/**
 * Remembers the keyring of this desk. Its index names the keyrings that were replaced, so that a
 * server cannot bring them back.
 * @throws CasebookError `CHANGE_INVALID` if the desk has a keyring that it had replaced before.
 */
export function noteKeyring(
  book: ReplyBook,
  { keyring, fingerprint }: { keyring: Keyring; fingerprint: string },
): ReplyBook {
  const [newest] = book.keyrings
  if (newest?.sha256 === fingerprint) return book
  const isOlder =
    newest !== undefined &&
    (keyring.issued < newest.issued || book.keyrings.some(({ sha256 }) => sha256 === fingerprint))
  if (isOlder)
    throw new CasebookError(
      'CHANGE_INVALID',
      `the keyring of this desk is older than the one of ${newest.issued} that it had before: bring the newest keyring to the desk`,
    )
  const keyrings = [{ sha256: fingerprint, issued: keyring.issued }, ...book.keyrings]
  return { ...book, keyrings: keyrings.slice(0, maxKeyringsSeen) }
}

/** SHA-256 of the keyrings that this one replaced, newest first. */
export function olderKeyrings(book: ReplyBook, fingerprint: string): string[] {
  return book.keyrings
    .map(({ sha256 }) => sha256)
    .filter((sha256) => sha256 !== fingerprint)
    .slice(0, maxOlderKeyrings)
}
